import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contextFile, roleFile, type World } from './world';

/** One change to a workspace whose wave is finished, and which agents the launch after it may pay for. */
export interface Scenario {
  /** What happened, as the table says it. */
  change: string;
  /** The agents that run, each once. */
  runs: readonly string[];
  act(world: World): Promise<unknown> | unknown;
  /** Puts the workspace back; `git restore` of every tracked file where absent. */
  undo?(world: World): Promise<unknown> | unknown;
  /** A line that the launch must print. */
  says?: string;
  /** Whether the launch may use the remote cache. */
  remote?: true;
  /** State of the wave afterwards; `closed` where absent. */
  state?: 'open';
}

/** Puts the tracked files of the clone back and removes new ones. */
export function restore({ at }: World): void {
  at.git('reset', '-q', '--hard');
  at.git('clean', '-fdq');
}

const append = (path: string, text: string) => (world: World) =>
  world.at.write(path, world.at.read(path) + text);

/** What installing another version of the packages changes: manifest, code and lockfile. */
function changeVersion(at: World['at'], from: string, to: string): void {
  const installed = 'node_modules/@nx-wave/plugin';
  at.replace(`${installed}/package.json`, `"version": "${from}"`, `"version": "${to}"`);
  const code = readdirSync(join(at.root, installed, 'dist'), { recursive: true, encoding: 'utf8' });
  for (const path of code.filter((one) => one.endsWith('.js')).map((one) => `${installed}/dist/${one}`))
    if (at.read(path).includes(`pluginVersion = "${from}"`))
      at.replace(path, `pluginVersion = "${from}"`, `pluginVersion = "${to}"`);
  const lock = JSON.parse(at.read('package-lock.json')) as { packages: Record<string, { version: string }> };
  Object.assign(lock.packages[installed] ?? {}, { version: to });
  at.write('package-lock.json', JSON.stringify(lock));
}

const sameResultOtherWords = 'Do the work of A2, in other words.';

const asks = `
if (prompt.includes('Keep both formats.')) write('src/A2.txt', 'both formats');
else envelope({ records: [{ kind: 'clarification-request', id: 'formats', summary: 'Which format?' }] });`;

/**
 * Every promise of never paying twice, in the order in which one workspace lives through it. The table of the docs is
 * printed from what these scenarios did, and the test holds them against `runs`.
 */
export const scenarios: readonly Scenario[] = [
  { change: 'launch again', runs: [], act: () => undefined },
  { change: '`nx reset`', runs: [], act: ({ at }) => at.nx(['reset']) },
  { change: 'the state root `.tmp` is deleted', runs: [], act: ({ at }) => at.remove('.tmp') },
  {
    change: '`nx reset` and `.tmp` deleted',
    runs: [],
    act: async ({ at }) => {
      await at.nx(['reset']);
      at.remove('.tmp');
    },
  },
  {
    change: 'nx.json edited',
    runs: [],
    act: ({ at }) => at.replace('nx.json', '"analytics"', '"parallel": 2,\n  "analytics"'),
  },
  { change: '.gitignore edited', runs: [], act: append('.gitignore', 'out/\n') },
  {
    change: 'the lockfile edited',
    runs: [],
    act: ({ at }) => at.replace('package-lock.json', '"requires": true', '"requires": true,\n  "note": 1'),
  },
  {
    change: 'the root tsconfig edited',
    runs: [],
    act: ({ at }) => at.replace('tsconfig.base.json', '"target": "ES2022"', '"target": "ES2021"'),
  },
  {
    change: 'a new plugin version',
    runs: [],
    act: ({ at }) => changeVersion(at, '0.1.0', '9.0.1.0'),
    undo(world) {
      changeVersion(world.at, '9.0.1.0', '0.1.0');
      restore(world);
    },
  },
  {
    change: 'prose of the wave file edited',
    runs: [],
    act: (world) => world.prose('Why this wave is worth the work.'),
  },
  {
    change: 'a proof command edited: verified again',
    runs: [],
    act: (world) =>
      world.edit(({ A1 }) => Object.assign(A1 ?? {}, { proofCommands: ['test -s src/A1.txt'] })),
    says: 'verifying again: wave-7/A1/attempt-1 (no agent runs)',
  },
  {
    change: "one agent's prompt edited: its siblings, and what follows on its unchanged result, do not run",
    runs: ['A2'],
    act: (world) => world.edit(({ A2 }) => Object.assign(A2 ?? {}, { prompt: sameResultOtherWords })),
  },
  { change: 'the prompt changed back', runs: [], act: () => undefined },
  {
    change: 'an agent added: it runs, and the steward who judges the joined result; no sibling does',
    runs: ['A4', 'A8'],
    act: (world) => world.add({ id: 'A4' }),
  },
  { change: 'the added agent removed', runs: [], act: () => undefined },
  {
    change: "the steward's role file edited",
    runs: ['A8'],
    act: append(roleFile, 'Be short.\n'),
  },
  { change: 'a context document edited', runs: ['A2'], act: append(contextFile, 'And in the evening.\n') },
  {
    change: 'the model of an agent changed',
    runs: ['A3'],
    act: (world) => world.edit(({ A3 }) => Object.assign(A3 ?? {}, { executor: ['model: large'] })),
  },
  {
    change: 'an agent gives another result: it, the agent that depends on it, and the steward',
    runs: ['A1', 'A3', 'A8'],
    act: (world) =>
      world.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: "write('src/A1.txt', 'another')" })),
  },
  {
    change: 'an agent has a question: it stops there',
    runs: ['A2'],
    act: (world) => world.edit(({ A2 }) => Object.assign(A2 ?? {}, { does: asks })),
    undo: () => undefined,
    state: 'open',
  },
  {
    change: 'launch again without an answer',
    runs: [],
    act: () => undefined,
    undo: () => undefined,
    state: 'open',
  },
  {
    change: 'the question answered: the agent goes on, and the steward judges its result',
    runs: ['A2', 'A8'],
    act: ({ at }) =>
      at.nx(['run', 'wave-7:answer', '--request', 'formats', '--text', 'Keep both formats.', '--by', 'Ada']),
  },
  {
    change: 'another branch with another prompt',
    runs: ['A1'],
    act(world) {
      world.at.git('checkout', '-q', '-b', 'other');
      world.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: 'Do the work of A1 on this branch.' }));
      world.at.git('commit', '-qam', 'another prompt');
    },
    undo: () => undefined,
  },
  { change: 'the branch switched back', runs: [], act: ({ at }) => at.git('checkout', '-q', 'main') },
  {
    change: 'the branch switched there again',
    runs: [],
    act: ({ at }) => at.git('checkout', '-q', 'other'),
    undo: ({ at }) => at.git('checkout', '-q', 'main'),
  },
  {
    change: 'launched in a linked worktree',
    runs: [],
    says: 'from the proof store, no agent runs',
    act: (world) => void (world.at = world.clone.sibling('linked', 'worktree')),
    undo: (world) => void (world.at = world.clone),
  },
  {
    change: 'launched in a second clone with the remote cache',
    runs: [],
    remote: true,
    says: '[remote cache]',
    act: (world) => void (world.at = world.clone.sibling('second', 'clone')),
    undo: () => undefined,
  },
  {
    change: 'nx.json edited in the second clone',
    runs: [],
    act: ({ at }) => at.replace('nx.json', '"analytics"', '"parallel": 1,\n  "analytics"'),
  },
];
