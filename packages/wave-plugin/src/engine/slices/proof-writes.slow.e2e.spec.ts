// Tests engine/slices/proof-commands.ts, engine/slices/tree-proof.ts and edges/git/put-back.ts.
import { createWaveRig, type RigOptions, type WaveRig } from '../../testing/rig';
import { runGate } from '../stages/run-gate';
import type { RigAgent } from '../../testing/rig-wave';

const fmt = `import { readFileSync, writeFileSync } from 'node:fs';
const [mode, path] = process.argv.slice(2);
const good = readFileSync(path, 'utf8').trim() + '\\n';
if (mode === '--write') writeFileSync(path, good);
else process.exit(readFileSync(path, 'utf8') === good ? 0 : 1);
`;

/** One agent with a badly formatted file and a check of its own. */
const agent = (check: string, proofCommands: string[], more: Partial<RigAgent> = {}): RigAgent => ({
  id: 'A1',
  owns: ['src/A1.txt', 'src/check.mjs'],
  deliverables: ['src/A1.txt'],
  does: `write('src/A1.txt', '  mine '); write('src/check.mjs', ${JSON.stringify(`import * as fs from 'node:fs';\n${check}`)});`,
  proofCommands,
  ...more,
});
const own = 'node src/check.mjs';
const set = (path: string, text: string) =>
  `fs.writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(text)});`;
const told = async (rig: WaveRig) => {
  const { failures, lines } = await rig.agent('A1');
  return { failures: failures.map(({ code, place }) => [code, place?.path]), lines };
};
const rigOf = (first: RigAgent, more: Partial<RigOptions> = {}) =>
  createWaveRig({
    agents: [first, { id: 'A2' }],
    files: {
      '.gitignore': '.tmp/\ndist/\n',
      'tools/fmt.mjs': fmt,
      'package-lock.json': '{}\n',
      'tools/test.mjs': '',
    },
    ...more,
  });

describe('a proof command', () => {
  it.each<[string, RigAgent, string]>([
    [
      'mends what the next one checks',
      agent('', ['node tools/fmt.mjs --write src/A1.txt', 'node tools/fmt.mjs --check src/A1.txt']),
      'src/A1.txt',
    ],
    ['rewrites the deliverable', agent(set('src/A1.txt', 'better'), [own]), 'src/A1.txt'],
    ['removes the deliverable', agent("fs.rmSync('src/A1.txt');", [own]), 'src/A1.txt'],
    ['rewrites a file of another agent', agent(set('src/A2.txt', 'hers'), [own], {}), 'src/A2.txt'],
    [
      'rewrites the file of the test command',
      agent(set('tools/test.mjs', 'process.exit(0)'), [own]),
      'tools/test.mjs',
    ],
  ])('is refused when it %s', async (_case, first, path) => {
    await using rig = rigOf(first, { config: { validation: { testCommand: 'node tools/test.mjs' } } });
    rig.write('src/A2.txt', 'as it was\n');
    expect((await told(rig)).failures).toContainEqual(['proof-changed-files', path]);
  });

  it.each<[string, RigAgent]>([
    [
      'makes ignored files that the next one runs',
      agent("fs.mkdirSync('dist'); fs.writeFileSync('dist/a.mjs', '');", [own, 'node dist/a.mjs']),
    ],
    [
      'changes times, modes and line ends',
      agent(
        "fs.utimesSync('src/base.txt', 1, 1); fs.chmodSync('src/A1.txt', 0o755); fs.writeFileSync('src/base.txt', 'the base\\r\\n');",
        [own],
      ),
    ],
    [
      'hides new files behind an ignore file that hides itself, or behind a changed one: the next one does not see them',
      agent(
        `if (process.argv[2] === 'look') process.exit(fs.existsSync('src/hidden.mjs') || fs.existsSync('seen.mjs') ? 1 : 0);
        fs.writeFileSync('src/.gitignore', '*\\n'); fs.writeFileSync('src/hidden.mjs', '');
        fs.appendFileSync('.gitignore', 'seen.mjs\\n'); fs.writeFileSync('seen.mjs', '');`,
        [own, `${own} look`],
      ),
    ],
    [
      'makes a cache that hides itself',
      agent(
        "fs.mkdirSync('cache'); fs.writeFileSync('cache/.gitignore', '*'); fs.writeFileSync('cache/a.mjs', '');",
        [own, 'node cache/a.mjs'],
      ),
    ],
    ['may write what it writes', agent(set('src/A1.txt', 'better'), [own, 'may write: src/A1.txt'])],
  ])('is accepted when it %s', async (_case, first) => {
    await using rig = rigOf(first);
    expect((await told(rig)).failures).toEqual([]);
  });

  it('that rewrites a lock file of nobody is told so, and the next one finds what was there', async () => {
    const next = `node -e "process.exit(require('fs').readFileSync('package-lock.json', 'utf8') === '{}\\n' && !require('fs').existsSync('new.txt') ? 0 : 1)"`;
    await using rig = rigOf(agent(set('package-lock.json', '{"a": 1}') + set('new.txt', ''), [own, next]));
    const { failures, lines } = await told(rig);
    expect(failures).toEqual([]);
    expect(lines.join('\n')).toContain(`\`${own}\` wrote new.txt, package-lock.json: put back`);
  });

  it('that writes on the merged tree alone is refused by the gate, with its line and no one to pay', async () => {
    const check = `if (fs.existsSync('src/A2.txt')) ${set('src/A1.txt', 'better')}`;
    await using rig = rigOf(agent(check, [own]));
    const { tasks, closure } = await rig.launch();
    expect(tasks).toMatchObject({
      'agent-a1': 'proven',
      'agent-a2': 'proven',
      'gate-implementation': 'failed',
    });
    const session = await rig.session();
    if (!session.ok) throw new Error('the wave cannot be opened');
    const gate = await runGate(session.value, 'implementation');
    expect(gate.ok && gate.value.reasons).toMatchObject([
      { code: 'proof-changed-files', command: own, paths: ['src/A1.txt'], repair: 'human' },
    ]);
    expect(closure?.state).not.toBe('closed');
  });
});
