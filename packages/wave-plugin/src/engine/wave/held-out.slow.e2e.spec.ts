// About core/held-out.ts, engine/slices/sealed-base.ts, engine/slices/held-out-proof.ts and edges/git/rewrite-tree.ts: real git, real node:test.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base, files, source, writes } from '../../testing/proof-work';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { planWave } from './plan-wave';
import { readStatus } from './read-status';
import { runReport } from './run-report';
import { runRetry } from './run-retry';
import { type Session } from '../session/session';
import { type RigAgent } from '../../testing/rig-wave';
import { planLines } from '../../core/views/plan';
import { statusLines } from '../../core/views/status';

jest.setTimeout(600_000);

const command = 'node checks/slug-of-accents.mjs';
const check = (text: string, slug: string) =>
  `import assert from 'node:assert/strict';\nimport { slug } from '../src/slug.mjs';\nassert.equal(slug(${JSON.stringify(text)}), ${JSON.stringify(slug)});\n`;
const checks = {
  'checks/slug-of-accents.mjs': check('ONE TWO', 'one-two'),
  'checks/data/words.txt': 'hidden words\n',
};
const heldOut = `### Proof strength\n\n- level: checked\n- **held-out:** \`${command}\` | files: checks/slug-of-accents.mjs, checks/data/\n`;

/**
 * Looks everywhere where an agent may look, and leaves what it has found in a file. The words are put together here, since the
 * program itself stands in the tree.
 */
const searching = (into: string) => `
const { execFileSync } = await import('node:child_process');
const { readdirSync, readFileSync, lstatSync } = await import('node:fs');
const git = (...words) => execFileSync('git', words, { encoding: 'latin1', maxBuffer: 2 ** 30 });
const filesIn = (folder) => readdirSync(folder).flatMap((name) => {
  const path = folder + '/' + name;
  const stat = lstatSync(path);
  return stat.isDirectory() ? filesIn(path) : stat.isFile() ? [path] : [];
});
const places = {
  files: filesIn('.').map((path) => path + ' ' + readFileSync(path, 'latin1')).join('\\n'),
  log: git('log', '-p', '--all', '--full-history'),
  index: git('ls-files', '--stage'),
  objects: git('cat-file', '--batch-all-objects', '--batch'),
  prompt,
  env: JSON.stringify(env),
};
const words = ['slug-of-' + 'accents', 'ONE ' + 'TWO', 'hidden ' + 'words', 'held-' + 'out', 'checks/' + 'data'];
const found = Object.entries(places).flatMap(([place, text]) =>
  words.filter((word) => text.includes(word)).map((word) => place + ': ' + word));
const commits = git('rev-list', '--all').trim().split('\\n').length;
write('${into}', ['slug.mjs was read', ...found, commits + ' commit', ''].join('\\n'));
`;

const agentOf = (text: string): RigAgent => {
  const works = writes({ ...files, 'src/slug.mjs': text });
  return {
    ...works,
    owns: ['src/', 'test/'],
    sections: heldOut,
    does: `${searching('src/a1.txt')}${works.does ?? ''}`,
  };
};

function rigOf(text = source): WaveRig {
  const rig = createWaveRig({
    files: { ...base, ...checks },
    agents: [
      agentOf(text),
      { id: 'A0', owns: ['docs/reviews/wave-1.md'], does: searching('docs/reviews/wave-1.md') },
    ],
  });
  // The history has more than one state of it.
  rig.write('checks/data/words.txt', 'more hidden words\n');
  rig.git('commit', '-qam', 'more');
  return rig;
}

/** What agents have found, of all that was written down of them. */
const foundIn = (rig: WaveRig, id: string, attempt = 1) =>
  readFileSync(
    join(rig.root, `.tmp/main-wave-launcher/results/wave-1/attempt-${attempt}/${id}/changes.patch`),
    'utf8',
  )
    .split('\n')
    .filter((line) => /^\+(slug\.mjs was|[a-z]+: |\d+ commit)/.test(line));

async function opened(rig: WaveRig): Promise<Session> {
  const session = await rig.session();
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return session.value;
}

describe('a command that is held out from agents', () => {
  it('is in nothing that an agent sees, is run on the merged tree, and is told by its name', async () => {
    await using rig = rigOf();
    const { closure, lines, ran } = await rig.launch();
    expect(closure?.reasons).toEqual([]);
    for (const id of ['A1', 'A0']) expect(foundIn(rig, id)).toEqual(['+slug.mjs was read', '+1 commit']);
    expect(lines).toContain('proved on the merged tree: held-out 1 of A1');
    expect(lines.join('\n')).not.toContain('slug-of-accents');
    expect(ran).toEqual({ A1: 1, A0: 1 });
    const session = await opened(rig);
    expect(statusLines(await readStatus(session))).toEqual(
      expect.arrayContaining(['Held out from agents:', '  held-out 1 of A1: passed on the merged tree']),
    );
    const report = await runReport(session, 'markdown');
    expect(rig.read(report.ok ? report.value : '')).toMatch(
      /merged tree, held-out 1 of A1 \| `node checks\/slug-of-accents\.mjs` \| \*\*passed/,
    );
    // Another check of the same work: the tree is proved anew, and nobody is paid.
    rig.write('checks/slug-of-accents.mjs', check('THREE FOUR', 'three-four'));
    expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed' } });
    rig.write('checks/slug-of-accents.mjs', check('ONE TWO', 'two-one'));
    const red = await rig.launch();
    expect(red).toMatchObject({ ran: {}, closure: { state: 'open' } });
    expect(red.closure?.reasons.map(({ code }) => code)).toContain('held-out-red');
    expect(JSON.stringify(red.closure?.reasons)).not.toMatch(/slug-of-accents|ONE TWO/);
  });

  it('stops work that its own tests do not look through, whose agent hears the name alone', async () => {
    await using rig = rigOf("export const slug = (text) => (text === ' A b ' ? 'a-b' : text);\n");
    const { closure, tasks } = await rig.launch();
    expect(tasks).toMatchObject({
      'agent-a1': 'proven',
      'gate-implementation': 'failed',
      'agent-a0': 'skipped',
    });
    expect(closure?.reasons[0]).toMatchObject({
      ...{ code: 'held-out-red', agentIds: ['A1'] },
      ...{ command: null, repair: 'rerun' },
    });
    expect(closure?.reasons[0]?.detail).toContain('held-out 1 of A1 is red on the merged tree');
    const retried = await runRetry(await opened(rig), {
      agents: ['A1'],
      fresh: false,
      whatIf: null,
      apply: { by: 'Ada', reason: 'red' },
    });
    expect(retried.ok).toBe(true);
    const again = await rig.agent('A1');
    expect(again.ran).toEqual({ A1: 1 });
    // The name is in the ledger and in the prompt now, and nothing else.
    const named = ['files', 'log', 'objects', 'prompt'].map((place) => `+${place}: held-out`);
    expect(foundIn(rig, 'A1', 2)).toEqual(['+slug.mjs was read', ...named, '+1 commit']);
  });

  it('is refused before anybody is paid where its program is missing, or where git ignores its files', async () => {
    await using rig = rigOf();
    rig.edit(({ A1 }) =>
      Object.assign(A1 ?? {}, { sections: heldOut.replaceAll(command, 'no-such-tool checks') }),
    );
    const program = await rig.launch();
    expect([program.failures[0]?.code, program.ran]).toEqual(['proof-program-missing', {}]);
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { sections: heldOut }));
    rig.git('rm', '-rq', '--cached', 'checks');
    rig.write('.gitignore', '.tmp/\nchecks/data/\n');
    const planned = await planWave(await opened(rig));
    expect(planned.ok && planned.value.plan.stops).toMatchObject([
      { code: 'held-out-missing', message: expect.stringContaining('`checks/data/`') },
    ]);
    const { failures, ran } = await rig.launch();
    expect([failures[0]?.code, ran]).toEqual(['held-out-missing', {}]);
  });

  it('blames nobody where a file of it is not on the merged tree', async () => {
    await using rig = rigOf();
    rig.edit(({ A1 }) =>
      Object.assign(A1 ?? {}, { sections: heldOut.replace('checks/data/', 'checks/nowhere.txt') }),
    );
    const { closure } = await rig.launch();
    expect(closure?.reasons[0]).toMatchObject({ code: 'held-out-red', repair: 'human' });
    expect(closure?.reasons[0]?.detail).toContain('a file of it is not on the merged tree');
  });

  it('is told by the plan with the ways to it that are left without a cage', async () => {
    await using rig = rigOf();
    const planned = await planWave(await opened(rig));
    const lines = planned.ok ? planLines(planned.value.plan, planned.value.prompts) : [];
    expect(lines).toContain('  held-out 1 of A1: kept from agents, run on the merged tree');
    expect(lines.join('\n')).toMatch(
      /held-out-readable: .*A1, A0, the tests that they write could still read/,
    );
    expect([...(planned.ok ? planned.value.prompts.values() : [])].join('\n')).not.toContain('held-out');
  });
});
