// Tests engine/agent/run-agent.ts and engine/session/session.ts.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { limitDisk, makeUnwritable } from '../../testing/rig-disk';

const oneAgent = () => createWaveRig({ agents: [{ id: 'A1' }] });

/** A `git` on PATH that answers with a text of its own to everything. */
function fakeGit(rig: WaveRig, says: string): { env: Record<string, string> } {
  const bin = join(rig.dir, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho '${says}'\n`);
  chmodSync(join(bin, 'git'), 0o755);
  return { env: { ...rig.env, PATH: `${bin}:${rig.env['PATH'] ?? ''}` } };
}

describe('a wave on bad ground', () => {
  it('says that there is no repository, and how to get one', async () => {
    await using rig = oneAgent();
    rmSync(join(rig.root, '.git'), { recursive: true });
    const { failures } = await rig.launch();
    expect(failures).toMatchObject([{ code: 'not-a-repository', next: expect.stringContaining('git init') }]);
    expect(failures[0]?.message).toContain(rig.root);
    expect(rig.runs()).toEqual({});
  });

  it('says that there is no commit, and how to make one', async () => {
    await using rig = oneAgent();
    rmSync(join(rig.root, '.git'), { recursive: true });
    rig.git('init', '-q');
    const { failures } = await rig.launch();
    expect(failures).toMatchObject([{ code: 'no-commits', next: expect.stringContaining('git commit') }]);
  });

  it('says which git it needs when the installed one is too old', async () => {
    await using rig = oneAgent();
    const { failures } = await rig.launch(fakeGit(rig, 'git version 2.37.9'));
    expect(failures).toMatchObject([{ code: 'git-too-old', next: 'install a newer git' }]);
    expect(failures[0]?.message).toMatch(/git 2\.37\.9 is too old.*needs git 2\.38 or newer/);
  });

  it('says that git is missing', async () => {
    await using rig = oneAgent();
    const { failures } = await rig.launch({ env: { ...rig.env, PATH: join(rig.dir, 'nothing') } });
    expect(failures).toMatchObject([{ code: 'git-missing', next: expect.stringContaining('2.38') }]);
  });

  it('names the files of a merge that is not finished, and runs nobody', async () => {
    await using rig = oneAgent();
    rig.git('checkout', '-q', '-b', 'other');
    rig.write('src/base.txt', 'theirs\n');
    rig.git('commit', '-qam', 'theirs');
    rig.git('checkout', '-q', '-');
    rig.write('src/base.txt', 'ours\n');
    rig.git('commit', '-qam', 'ours');
    expect(() => rig.git('merge', '-q', 'other')).toThrow();
    const untouched = rig.fingerprint();
    const ended = await rig.launch();
    expect(ended).toMatchObject({ failures: [{ code: 'unmerged-index' }], ran: {} });
    expect(ended.lines.join('\n')).toMatch(/A merge is not finished: src\/base\.txt\.\n.*git merge --abort/);
    expect(ended.tasks).toMatchObject({ 'agent-a1': 'failed', launch: 'skipped' });
    expect(rig.fingerprint()).toBe(untouched);
  });

  it('leaves out a repository inside the workspace, says so, and closes', async () => {
    await using rig = oneAgent();
    const inner = join(rig.root, 'inner');
    mkdirSync(inner);
    writeFileSync(join(inner, 'x.txt'), 'x');
    execFileSync('git', ['init', '-q'], { cwd: inner, env: rig.env });
    const ended = await rig.launch();
    expect(ended.closure?.state).toBe('closed');
    expect(ended.lines).toContain('warning: inner is a git repository of its own: agents will not see it.');
  });

  it('refuses before anything is paid when the state root cannot be written', async () => {
    await using rig = oneAgent();
    const restore = makeUnwritable(join(rig.root, '.tmp'));
    try {
      const { failures, ran } = await rig.launch();
      expect(failures).toMatchObject([
        { code: 'state-unwritable', next: expect.stringContaining('writable') },
      ]);
      expect(failures[0]?.message).toContain('.tmp/main-wave-launcher');
      expect(ran).toEqual({});
    } finally {
      restore();
    }
    expect((await rig.launch()).closure?.state).toBe('closed');
  });

  it('keeps the work of an agent when the state root is full, and serves it when there is space', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: "write('src/A1.txt', (await import('node:crypto')).randomBytes(200_000).toString('hex'))",
        },
      ],
    });
    const disk = limitDisk(join(rig.root, '.tmp'), '64k');
    try {
      const { failures } = await rig.agent('A1');
      expect(failures).toMatchObject([
        { code: disk.code, next: expect.stringContaining('run the same command again') },
      ]);
    } finally {
      disk.free();
    }
    expect(await rig.agent('A1')).toMatchObject({ failures: [], ran: {} });
    expect(rig.runs()).toEqual({ A1: 1 });
    expect(rigStore(rig).proofs()).toHaveLength(1);
  });
});
