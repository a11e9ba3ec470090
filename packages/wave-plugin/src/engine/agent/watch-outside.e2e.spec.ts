import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { runDecide } from '../wave/run-decide';

/** An agent without a cage that knows where the tree of the person is. */
function createOpenRig(does: string): WaveRig {
  const rig = createWaveRig({
    agents: [
      {
        id: 'A1',
        does: `import { execFileSync } from 'node:child_process';
const [, root] = /ROOT=(\\S+)/.exec(prompt);
const git = (...args) => execFileSync('git', args, { cwd: root, env: { ...env, GIT_CONFIG_GLOBAL: env.HOME + '/.gitconfig', GIT_CEILING_DIRECTORIES: '' } });
write('src/A1.txt', 'x');
${does}`,
      },
    ],
  });
  rig.edit(({ A1 }) => {
    if (A1 !== undefined) A1.prompt = `ROOT=${rig.root}`;
  });
  return rig;
}

test('a hook and a proof that an agent without a cage has written hold its work, and nobody is paid again until a person decides', async () => {
  await using rig = createOpenRig(`write(root + '/.git/hooks/post-checkout', 'exit 0');`);
  const first = await rig.agent('A1');
  expect(first.failures).toMatchObject([
    {
      code: 'outside-writes',
      message: expect.stringContaining('.git/hooks/post-checkout'),
      next: expect.stringContaining('decide --waive outside-writes'),
    },
  ]);
  const again = await rig.agent('A1');
  expect(again.ran).toEqual({});
  expect(again.failures).toMatchObject([{ code: 'outside-writes' }]);

  const session = await rig.session();
  if (!session.ok) throw new Error('no session');
  const decided = await runDecide(session.value, {
    waive: 'outside-writes',
    agent: 'A1',
    reason: 'a test',
    by: 'Ada',
  });
  expect(decided.ok).toBe(true);
  const released = await rig.agent('A1');
  expect({ ran: released.ran, failures: released.failures }).toEqual({ ran: {}, failures: [] });
});

test('a person who edits, stages and commits while an agent runs is told of it and refused nothing', async () => {
  await using rig = createOpenRig(`write(root + '/src/base.txt', 'of the person');
git('add', 'src/base.txt'); git('commit', '-q', '-m', 'meanwhile'); git('branch', 'idea'); git('stash', 'list');
write(root + '/src/new.txt', 'a note');`);
  const { failures, lines } = await rig.agent('A1');
  expect(failures).toEqual([]);
  expect(rig.git('log', '--format=%s', '-1').trim()).toBe('meanwhile');
  expect(lines).toContainEqual(
    expect.stringMatching(/^advisory: while agent A1 ran without a cage, .*src\/new\.txt.* changed/),
  );
});

test('an agent that stays in its checkout is not suspected', async () => {
  await using rig = createOpenRig('');
  writeFileSync(join(rig.root, '.git', 'hooks', 'pre-push'), 'exit 0');
  const { failures, lines } = await rig.agent('A1');
  expect(failures).toEqual([]);
  expect(lines.filter((line) => line.includes('without a cage,'))).toEqual([]);
  expect(existsSync(join(rig.root, '.git', 'hooks', 'pre-push'))).toBe(true);
});
