import { join } from 'node:path';
import { randomOf } from '../cluster/random';
import { NaiveWave } from './naive';
import { Oracle } from './oracle';
import {
  firstSpec,
  notesFile,
  planFile,
  programFile,
  programOf,
  renderWave,
  roleFile,
  specFile,
  waveFile,
} from './spec';
import { drawStep, type Here } from './steps';
import type { World } from './world';

/** What one launch of a history came to. */
export interface LaunchResult {
  cause: string;
  necessary: number;
  paid: number;
  naivePaid: number;
  naiveWrong: number;
  problems: { kind: string; text: string }[];
}

export interface HistoryOptions {
  seed: number;
  /** Launches after the first one. */
  length: number;
  open(given: {
    files: Record<string, string>;
    config(sharedStore: string): Record<string, unknown>;
    agentFile: string;
  }): Promise<World>;
  /** Causes that this door cannot play. */
  without?: readonly string[];
  /** Only these causes; all where absent. */
  causes?: readonly string[];
  tell?(line: string): void;
}

const attempts = 2;

/** A world with the first state of the wave, committed. */
export async function prepareHistory({
  open,
  shares,
}: {
  open: HistoryOptions['open'];
  shares: boolean;
}): Promise<{ world: World }> {
  const world = await open({
    files: {
      '.gitignore': '.tmp/\nnode_modules/\n.nx/\n',
      [specFile]: `${JSON.stringify(firstSpec, null, 2)}\n`,
      [waveFile]: renderWave(firstSpec),
      [planFile]: 'The plan.\n',
      [notesFile]: 'Notes one\n',
      [roleFile]: 'You join what the others made.\n',
    },
    config: (sharedStore) => ({
      limits: { attempts },
      ...(shares ? { store: { path: sharedStore, repository: 'a-history' } } : {}),
    }),
    agentFile: join(__dirname, 'agent.cjs'),
  });
  for (const agent of firstSpec.agents)
    world.first.write(programFile(agent.id), `${JSON.stringify(programOf(agent, world.log), null, 2)}\n`);
  world.first.git('add', '-A');
  world.first.git('commit', '-q', '-m', 'programs');
  return { world };
}

/** One history: a wave is made and launched, and then, again and again, something happens and it is launched again. */
export async function runHistory({
  seed,
  length,
  open,
  without = [],
  causes,
  tell = () => undefined,
}: HistoryOptions): Promise<LaunchResult[]> {
  const random = randomOf(seed);
  const shares = random.chance(0.4);
  const { world } = await prepareHistory({ open, shares });
  await using _world = world;
  const oracle = new Oracle({ attempts, shares });
  const naive = new NaiveWave();
  const here: Here = { world, tree: world.first, random, oracle, last: null, problems: [] };
  const results: LaunchResult[] = [];
  const launch = async (cause: string, options: { executor?: string; dies?: number }) => {
    const launched = await here.tree.launch(options);
    here.last = launched;
    const judged = oracle.judge(here.tree, launched, options);
    const modelled = naive.launch(here.tree, options.executor);
    results.push({
      cause,
      necessary: judged.necessary,
      paid: judged.paid,
      naivePaid: modelled.paid,
      naiveWrong: modelled.served.length,
      problems: [...here.problems.splice(0), ...judged.problems],
    });
    const { problems } = results.at(-1) ?? { problems: [] };
    tell(
      `seed ${seed}: ${cause}${launched.died ? ' (died)' : ''}: ${launched.starts.map(({ id, wrote }) => (wrote === null ? `${id}…` : id)).join(' ')} ` +
        `${JSON.stringify(launched.tasks)} ${JSON.stringify(problems)}`,
    );
    if (problems.length > 0) for (const line of launched.lines) tell(`    ${line}`);
    return problems.length === 0;
  };
  if (!(await launch('first launch', {}))) return results;
  while (results.length <= length) {
    const step = drawStep(random);
    if (without.includes(step.cause) || causes?.includes(step.cause) === false) continue;
    const options = await step.act(here);
    if (options === null) continue;
    if (step.cause === 'everything stored deleted') naive.forget(here.tree);
    // What the model says after the first difference would only be that difference again.
    if (!(await launch(step.cause, options))) break;
  }
  return results;
}
