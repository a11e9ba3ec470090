// Also tests engine/slices/outside-watch.ts and engine/slices/outside-places.ts: what is compared around programs without a cage.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { currentOwner } from '../../edges/lease/owner';
import { createCageEdge } from '../../edges/processes/cage/cage-edge';
import { createProcessEdge } from '../../edges/processes/supervise';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { watchOutside } from '../slices/outside-watch';
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

const key = 'f'.repeat(64);
const sealed = `.git/nx-wave/proofs/ff/${key}/${key}/manifest.json`;
const left = 'wave-1-A2-left/checkout/tree/src/A2.txt';

/** What other runs have left behind: stores, a record, and a checkout whose runner is of another machine. */
function plant(rig: WaveRig): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  put(join(rig.root, sealed), '{}');
  put(join(rig.root, '.git/nx-wave/attempts/wave-1/A2/attempt-1/bundle/manifest.json'), '{}');
  put(join(rig.root, `.git/nx-wave/tree-proofs/${key}.json`), '{}');
  put(
    join(rig.dir, 'scratch/wave-1-A2-left/owner.json'),
    JSON.stringify({ ...currentOwner(), host: 'elsewhere.test' }),
  );
  put(join(rig.dir, 'scratch', left), 'of another agent');
}

test.each([
  ['a proof', sealed, 'changed'],
  ['an attempt', '.git/nx-wave/attempts/wave-1/A2/attempt-1/bundle/manifest.json', 'changed'],
  ['a proof of a tree', `.git/nx-wave/tree-proofs/${key}.json`, 'changed'],
  ['a made-up proof of a tree', '.git/nx-wave/tree-proofs/0.json', 'new'],
  ['a made-up closure', '.tmp/main-wave-launcher/closure/wave-1.json', 'new'],
  ['a checkout that was left', `../scratch/${left}`, 'changed'],
])('%s of others that has changed holds the work of an agent', async (_what, path) => {
  await using rig = createOpenRig(`write(root + '/${path}', 'of the agent');`);
  plant(rig);
  const { failures } = await rig.agent('A1');
  expect(failures).toMatchObject([
    { code: 'outside-writes', message: expect.stringContaining(path.replace('../', '')) },
  ]);
});

test('an object of the person that was damaged holds the work, and one that git has touched does not', async () => {
  await using rig = createOpenRig(`const id = git('rev-parse', 'HEAD:src/base.txt').toString().trim();
const { chmodSync, utimesSync } = await import('node:fs');
const path = root + '/.git/objects/' + id.slice(0, 2) + '/' + id.slice(2);
utimesSync(path, new Date(), new Date());
const dangling = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: root, input: 'x' + Date.now() }).toString().trim();
const other = root + '/.git/objects/' + dangling.slice(0, 2) + '/' + dangling.slice(2);
chmodSync(other, 0o644);
write(other, 'no object');`);
  const { failures } = await rig.agent('A1');
  expect(failures).toMatchObject([
    { code: 'outside-writes', message: expect.stringMatching(/ \.git\/objects\/\S+ changed/) },
  ]);
});

test('what is deleted in the tree and added to the start of a shell is told', async () => {
  await using rig = createOpenRig(`const { appendFileSync } = await import('node:fs');
remove(root + '/src/base.txt');
appendFileSync(root + '/../home/.bashrc', 'x');`);
  const { failures, lines } = await rig.agent('A1');
  expect(failures).toEqual([]);
  expect(lines).toContainEqual(
    expect.stringMatching(/^advisory: while agent A1 .*home\/\.bashrc, src\/base\.txt changed/),
  );
});

test('a whole launch of another runner is neither refused nor told', async () => {
  await using rig = createWaveRig({
    agents: [
      { id: 'A1', proofCommands: ['node --version'] },
      { id: 'A0', owns: ['docs/qa.md'] },
    ],
  });
  const session = await rig.session();
  if (!session.ok) throw new Error('no session');
  plant(rig);
  const watch = await watchOutside(session.value, { tells: true });
  const { closure } = await rig.launch();
  expect(closure?.state).toBe('closed');
  expect(await watch.refused()).toEqual({ paths: [], whole: true });
  expect(await watch.told()).toEqual({ paths: [], whole: true });
});

/** An agent that stays in its checkout, and whose test reaches out of it. */
function createProofRig(does: string, setup = false): WaveRig {
  const command = 'node test/reach.mjs';
  const rig = createWaveRig({
    agents: [{ id: 'A1', owns: ['src/A1.txt'], proofCommands: setup ? ['node --version'] : [command] }],
    files: { 'test/reach.mjs': '' },
    ...(setup ? { config: { workspace: { setup: [command] } } } : {}),
  });
  rig.write(
    'test/reach.mjs',
    `import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const root = ${JSON.stringify(rig.root)};
const git = (...args) => execFileSync('git', args, { cwd: root, env: { PATH: process.env.PATH, HOME: root + '/../home' } });
${does}`,
  );
  return rig;
}

test('a proof command that installs a hook is refused until a person decides, and nobody is paid again', async () => {
  await using rig = createProofRig(`writeFileSync(root + '/.git/hooks/pre-commit', 'exit 0');`);
  const first = await rig.agent('A1');
  expect(first.failures).toMatchObject([
    { code: 'outside-writes', message: expect.stringContaining('.git/hooks/pre-commit') },
  ]);
  const session = await rig.session();
  if (!session.ok) throw new Error('no session');
  await runDecide(session.value, { waive: 'outside-writes', agent: 'A1', reason: 'a test', by: 'Ada' });
  const released = await rig.agent('A1');
  expect({ ran: released.ran, failures: released.failures }).toEqual({ ran: {}, failures: [] });
});

test('a person who edits and commits while proof commands run is told of it and refused nothing', async () => {
  await using rig = createProofRig(`writeFileSync(root + '/src/base.txt', 'of the person');
git('commit', '-q', '-a', '-m', 'meanwhile');`);
  rig.git('add', '-A');
  rig.git('commit', '-q', '-m', 'all');
  const { failures, lines } = await rig.agent('A1');
  expect(failures).toEqual([]);
  expect(lines).toContainEqual(
    expect.stringMatching(/^advisory: while proof commands ran without a cage, .*src\/base\.txt.* changed/),
  );
});

test('a setup command that installs a hook is refused before anybody is paid', async () => {
  await using rig = createProofRig(`writeFileSync(root + '/.git/hooks/pre-commit', 'exit 0');`, true);
  const { failures, ran } = await rig.agent('A1');
  expect(ran).toEqual({});
  expect(failures).toMatchObject([
    { code: 'outside-writes', message: expect.stringContaining('workspace.setup') },
  ]);
});

test('a proof command that writes through a link into the packages of the person is told by name', async () => {
  await using rig = createProofRig(`writeFileSync('node_modules/pkg/index.js', 'evil()');`);
  rig.write('.gitignore', '.tmp/\nnode_modules/\n');
  rig.write('node_modules/pkg/index.js', 'module.exports = 1;');
  rig.configure({
    executors: { default: 'local', local: { isolation: 'off' } },
    proof: { isolation: 'auto' },
  });
  const cages = createCageEdge({ env: { PATH: rig.dir }, folder: rig.dir, platform: 'linux' });
  const { failures, lines } = await rig.agent('A1', { processes: createProcessEdge({ cages }) });
  expect(failures).toEqual([]);
  expect(rig.read('node_modules/pkg/index.js')).toBe('evil()');
  expect(lines).toContain(
    'warning: node_modules/pkg/index.js of your own node_modules changed while proof commands ran',
  );
});
