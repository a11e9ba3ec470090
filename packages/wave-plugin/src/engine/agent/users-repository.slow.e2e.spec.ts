// Tests engine/agent/prepare-checkout.ts and engine/agent/run-agent.ts.
import { createWaveRig } from '../../testing/rig';

/** Everything that an agent can do with git in its checkout, and to where its checkout says the repository is. */
const meddles = `
  const { execFileSync } = await import('node:child_process');
  const run = (line) => { try { execFileSync('sh', ['-c', line], { stdio: 'ignore' }); } catch {} };
  const common = execFileSync('git', ['rev-parse', '--git-common-dir'], { encoding: 'utf8' }).trim();
  run('git config user.name Mallory; git config --global user.name Mallory');
  run('git config --global core.hooksPath /tmp; git config --system user.name Mallory');
  run('mkdir -p ' + common + '/hooks; echo exit 1 > ' + common + '/hooks/pre-commit; chmod +x ' + common + '/hooks/pre-commit');
  run('echo x > src/base.txt; git add -A; git commit -qm mine; git branch evil; git tag evil; git update-ref refs/heads/main HEAD');
  run('echo y > src/base.txt; git stash; git update-ref refs/stash HEAD; git worktree prune; git worktree add ../evil');
  run('git push origin HEAD; git push --all; git push . HEAD:refs/heads/pushed; git fetch --all');
  run('git reflog expire --expire=now --all; git gc -q --prune=now; git repack -adq; git update-index --refresh');
  run('git reset -q --hard HEAD~1; git clean -ffdxq -e .nx-wave');
  write('src/A1.txt', 'done');`;

describe("the user's repository", () => {
  it('has the same refs, stash, config, hooks, index bytes, objects and status after a wave whose agent tries to change each', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1', does: meddles }] });
    rig.git('branch', 'side');
    rig.write('src/base.txt', 'stashed\n');
    rig.git('stash', '-q');
    rig.write('src/base.txt', 'uncommitted\n');
    rig.write('untracked.txt', 'new\n');
    const before = rig.fingerprint();
    const ended = await rig.launch();
    expect(ended).toMatchObject({ failures: [], closure: { state: 'closed' }, ran: { A1: 1 } });
    expect(rig.fingerprint()).toBe(before);
  });
});
