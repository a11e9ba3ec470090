import type { Random } from '../cluster/random';
import { readLedger, type Oracle } from './oracle';
import {
  agentOf,
  notesFile,
  programFile,
  programOf,
  renderWave,
  roleFile,
  specFile,
  waveFile,
  type Program,
  type WaveSpec,
} from './spec';
import type { LaunchOptions, Tree, World } from './world';

/** Where a history stands. */
export interface Here {
  world: World;
  tree: Tree;
  random: Random;
  oracle: Oracle;
  /** The launch before. */
  last: { calls: number } | null;
  problems: { kind: 'planned'; text: string }[];
}

/** One thing that happens between two launches. Null where it makes no sense now: another one is taken. */
export interface Step {
  /** As the table calls it. */
  cause: string;
  /** How often it is taken, compared with others; 1 where absent. */
  weight?: number;
  act(here: Here): Promise<LaunchOptions | null> | LaunchOptions | null;
}

const plain: LaunchOptions = {};
const words = ['one', 'two', 'three'];

export const readSpec = (tree: Tree) => JSON.parse(tree.read(specFile) ?? '') as WaveSpec;

export function writeSpec(tree: Tree, spec: WaveSpec): void {
  tree.write(specFile, `${JSON.stringify(spec, null, 2)}\n`);
  tree.write(waveFile, renderWave(spec));
}

/** Changes the wave. */
const edit =
  (change: (spec: WaveSpec, random: Random) => void) =>
  ({ tree, random }: Here): LaunchOptions => {
    const spec = readSpec(tree);
    change(spec, random);
    writeSpec(tree, spec);
    return plain;
  };

/** Changes what an agent does. */
const editProgram =
  (ids: readonly string[], change: (program: Program, random: Random) => void) =>
  ({ tree, random }: Here): LaunchOptions | null => {
    const id = random.pick(ids);
    const text = tree.read(programFile(id));
    if (text === null) return null;
    const program = JSON.parse(text) as Program;
    change(program, random);
    tree.write(programFile(id), `${JSON.stringify(program, null, 2)}\n`);
    return plain;
  };

/** Everything of the tree in one commit; none where nothing has changed. */
function commit({ tree }: Here, message: string): void {
  tree.git('add', '-A');
  if (tree.git('status', '--porcelain') !== '') tree.git('commit', '-q', '-m', message);
}

const anyAgent = (spec: WaveSpec, random: Random) => {
  const agent = random.pick(spec.agents);
  return agent;
};

async function decided(here: Here, decision: Parameters<Tree['decide']>[0]): Promise<LaunchOptions | null> {
  return (await here.tree.decide(decision)) ? plain : null;
}

const landing = (tree: Tree) =>
  readLedger(tree).findLast(({ type }) => type === 'wave.landed' || type === 'wave.reopened')?.type ===
  'wave.landed';

/** What can happen to a wave. */
export const steps: readonly Step[] = [
  { cause: 'launched again', act: () => plain },
  {
    cause: 'prose of the wave edited',
    act: edit((spec, random) => (spec.prose = `Prose ${random.pick(words)}.`)),
  },
  {
    cause: 'title of the wave edited',
    act: edit((spec, random) => (spec.title = `Title ${random.pick(words)}`)),
  },
  { cause: 'budget edited', act: edit((spec, random) => (spec.budgetMinutes = random.whole(10, 60))) },
  {
    cause: 'proof command edited',
    act: edit((spec, random) => (anyAgent(spec, random).proof = random.whole(0, 3))),
  },
  {
    cause: 'prompt edited',
    weight: 2,
    act: edit((spec, random) => {
      const agent = anyAgent(spec, random);
      agent.prompt = `Do the work of ${agent.id}, in words ${random.pick(words)}.`;
    }),
  },
  { cause: 'model edited', act: edit((spec, random) => (anyAgent(spec, random).model = random.pick(words))) },
  {
    cause: 'dependency added or removed',
    act: edit((spec, random) => {
      const agent = spec.agents.find(({ id }) => id === 'A2');
      if (agent !== undefined) agent.dependsOn = random.chance(0.5) ? ['A1'] : [];
    }),
  },
  {
    cause: 'agent added or removed',
    act: ({ tree, world }) => {
      const spec = readSpec(tree);
      const without = spec.agents.filter(({ id }) => id !== 'A4');
      if (without.length === spec.agents.length) {
        const more = agentOf('A4');
        tree.write(programFile('A4'), `${JSON.stringify(programOf(more, world.log), null, 2)}\n`);
        spec.agents.splice(2, 0, more);
      } else spec.agents = without;
      writeSpec(tree, spec);
      return plain;
    },
  },
  {
    cause: 'context document edited',
    weight: 2,
    act: ({ tree, random }) => {
      tree.write(notesFile, `Notes ${random.pick(words)}\n`);
      return plain;
    },
  },
  {
    cause: 'context document removed',
    act: ({ tree }) => {
      tree.remove(notesFile);
      return plain;
    },
  },
  {
    cause: 'role file edited',
    act: ({ tree, random }) => {
      tree.write(roleFile, `You join what the others made, ${random.pick(words)}.\n`);
      return plain;
    },
  },
  {
    cause: 'program of an agent edited: another result',
    act: editProgram(['A1', 'A2', 'A8'], (program, random) => (program.content = random.pick(words))),
  },
  {
    cause: 'agent broken or mended',
    weight: 2,
    act: editProgram(['A1', 'A2', 'A8'], (program) => (program.fine = !program.fine)),
  },
  {
    cause: 'agent asks, or asks no more',
    act: editProgram(['A1', 'A2'], (program) => (program.asks = !program.asks)),
  },
  {
    cause: 'question answered',
    weight: 2,
    act: async (here) => {
      const id = here.random.pick(['A1', 'A2']);
      const text = `answer-${here.random.pick(words)}`;
      return decided(here, { do: 'answer', request: `format-${id}`, text });
    },
  },
  {
    cause: 'steward holds, or is content',
    act: editProgram(['A8'], (program) => (program.holds = !program.holds)),
  },
  {
    cause: 'finding waived',
    act: (here) => decided(here, { do: 'waive', code: 'integration-needs-more-work' }),
  },
  {
    cause: 'ownership amended',
    act: (here) =>
      decided(here, {
        do: 'amend',
        agent: here.random.pick(['A1', 'A2']),
        path: `src/more-${here.random.pick(words)}.txt`,
      }),
  },
  {
    cause: 'proof revoked',
    act: (here) => decided(here, { do: 'revoke', agent: here.random.pick(['A1', 'A2', 'A8']) }),
  },
  {
    cause: 'retry applied',
    weight: 2,
    act: async (here) => {
      const { tree, random, oracle } = here;
      const before = readLedger(tree).map(({ id }) => id);
      const agents = random.shuffled(['A1', 'A2', 'A8']).slice(0, random.whole(1, 2));
      const done = await tree.decide({ do: 'retry', agents, fresh: random.chance(0.5) });
      here.problems.push(...(oracle.judgeRetry(tree, before, agents) as Here['problems']));
      return done ? plain : null;
    },
  },
  { cause: 'another executor', act: ({ random }) => ({ executor: random.pick(['other', 'local']) }) },
  {
    cause: 'runner killed',
    weight: 3,
    act: ({ random, last }) => ({ dies: random.whole(1, Math.max(2, last?.calls ?? 40)) }),
  },
  {
    cause: 'runner killed while work is due',
    weight: 2,
    act: (here) => {
      editProgram(
        ['A1', 'A2', 'A8'],
        (program, random) => (program.content = `new ${random.whole(1, 99)}`),
      )(here);
      return { dies: here.random.whole(1, Math.max(30, here.last?.calls ?? 40)) };
    },
  },
  {
    cause: 'state root deleted',
    act: async ({ world, tree }) => {
      await world.forget(tree, 'state');
      return plain;
    },
  },
  {
    cause: 'proof store deleted',
    act: async ({ world, tree }) => {
      await world.forget(tree, 'proofs');
      return plain;
    },
  },
  {
    cause: 'everything stored deleted',
    act: async ({ world, tree, oracle }) => {
      await world.forget(tree, 'everything');
      oracle.forget(tree.repository);
      return plain;
    },
  },
  {
    cause: 'other files edited (nx.json, lockfile, .gitignore, sources)',
    weight: 2,
    act: ({ tree, random }) => {
      const path = random.pick([
        'nx.json',
        'package-lock.json',
        'tsconfig.base.json',
        'src/other.txt',
        'lib/other.ts',
      ]);
      const number = random.whole(1, 1000);
      if (path.endsWith('.json')) {
        const known = JSON.parse(tree.read(path) ?? '{}') as Record<string, unknown>;
        tree.write(path, `${JSON.stringify({ ...known, parallel: (number % 7) + 1 }, null, 2)}\n`);
      } else tree.write(path, `// ${number}\n`);
      return plain;
    },
  },
  {
    cause: 'committed',
    act: (here) => {
      commit(here, 'work of the person');
      return plain;
    },
  },
  {
    cause: 'branch switched',
    weight: 2,
    act: (here) => {
      const { tree, random } = here;
      commit(here, 'before another branch');
      const branches = tree
        .git('branch', '--format=%(refname:short) %(worktreepath)')
        .split('\n')
        .flatMap((line) => (/^[\w-]+ *$/.test(line) ? [line.trim()] : []));
      const known = branches.filter(
        (name) => name !== '' && name !== tree.git('branch', '--show-current').trim(),
      );
      if (known.length > 0 && random.chance(0.6)) tree.git('checkout', '-q', random.pick(known));
      else tree.git('checkout', '-q', '-b', `branch-${random.whole(1, 999_999)}`);
      return plain;
    },
  },
  {
    cause: 'stashed, and taken back later',
    act: ({ tree }) => {
      if (tree.git('stash', 'list') !== '') {
        try {
          tree.git('stash', 'pop', '-q');
        } catch {
          tree.git('reset', '-q', '--hard');
          tree.git('clean', '-fdq');
          tree.git('stash', 'drop', '-q');
        }
        return plain;
      }
      if (tree.git('status', '--porcelain') === '') return null;
      tree.git('stash', 'push', '-q', '--include-untracked');
      return plain;
    },
  },
  {
    cause: 'rebased on other work',
    act: (here) => {
      const { tree, random } = here;
      commit(here, 'to be rebased');
      const current = tree.git('branch', '--show-current').trim();
      tree.git('checkout', '-q', '-b', `upstream-${random.whole(1, 999_999)}`, 'HEAD~1');
      tree.write(`lib/from-others-${random.whole(1, 99)}.ts`, '// others\n');
      commit(here, 'work of others');
      const upstream = tree.git('branch', '--show-current').trim();
      tree.git('checkout', '-q', current);
      tree.git('rebase', '-q', upstream);
      return plain;
    },
  },
  {
    cause: 'another worktree',
    act: async (here) => {
      commit(here, 'before a worktree');
      const at = here.tree.git('rev-parse', 'HEAD').trim();
      if (here.tree.repository !== here.world.first.repository) return null;
      here.tree = await here.world.worktree();
      here.tree.git('reset', '-q', '--hard', at);
      return plain;
    },
  },
  {
    cause: 'another clone',
    act: async (here) => {
      commit(here, 'before a clone');
      here.tree = await here.world.clone(here.tree);
      return plain;
    },
  },
  {
    cause: 'landed',
    weight: 3,
    act: (here) => {
      const { tree, random } = here;
      const mode = random.pick(['tree', 'commit'] as const);
      if (mode === 'commit') commit(here, 'before landing');
      return decided({ ...here, tree }, { do: 'land', mode });
    },
  },
  {
    cause: 'landing reverted',
    weight: 2,
    act: (here) => {
      const { tree } = here;
      if (!landing(tree)) return null;
      commit(here, 'before a revert');
      const entry = readLedger(tree).findLast(({ type }) => type === 'wave.landed');
      const found = tree
        .git('log', '--format=%H', '--diff-filter=A', '--', `:(glob)**/${entry?.id ?? ''}*`)
        .split('\n')[0];
      if (found === undefined || found === '') return null;
      try {
        tree.git('revert', '--no-edit', found);
      } catch {
        tree.git('revert', '--abort');
        return null;
      }
      return plain;
    },
  },
  {
    cause: 'reopened',
    weight: 3,
    act: (here) => (landing(here.tree) ? decided(here, { do: 'reopen' }) : null),
  },
];

/** A step by its weight. */
export function drawStep(random: Random): Step {
  const all = steps.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let left = random.next() * all;
  for (const step of steps) {
    left -= step.weight ?? 1;
    if (left < 0) return step;
  }
  throw new Error('there are no steps');
}
