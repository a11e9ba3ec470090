import { judgeTrial, causesOf, isDeleted, spendingOf, type Findings, type Trial } from './checks';
import { createMachine, type Machine, type Process } from './machine';
import type { TrialPlan, WorkKey } from './plan';
import { randomOf } from './random';
import { runTask, type Disk, type RunnerContext } from './runner';
import { createServer } from './server';
import { emptyTruth } from './truth';
import type { Sabotage } from './without';
import { createWorld } from './world';

const horizonMs = 24 * 60 * 60_000;

export interface TrialResult extends Findings {
  trial: Trial;
  causes: Record<string, number>;
}

/** What a setting has cost and given, to be compared with another. */
export interface Outcome {
  keys: number;
  starts: number;
  spent: number;
  /** What the agents of all keys cost once. */
  needed: number;
  /** Spent beyond the budget; null where there was none. */
  over: number | null;
  /** Keys for which machines with the same base show different results. */
  different: number;
}

/** `except`: a trial of the same plan in which claims were deleted; their agents are left out of what is compared. */
export function outcomeOf(trial: Trial, except: Trial = trial): Outcome {
  const { plan, truth } = trial;
  const { spent } = spendingOf(trial);
  const different = plan.keys.filter(
    ({ key }) =>
      !isDeleted(except, key) &&
      [0, 1].some((base) => {
        const shown = truth.published.filter((one) => one.key === key && one.base === base);
        return new Set(shown.map(({ content }) => content)).size > 1;
      }),
  );
  return {
    keys: plan.keys.length,
    starts: truth.starts.length,
    spent,
    needed: plan.keys.reduce((sum, { calls }) => sum + calls.reduce((all, { usd }) => all + usd, 0), 0),
    over: plan.budget === null ? null : Math.max(0, spent - plan.budget),
    different: different.length,
  };
}

/** One trial: the plan is played with the real protocol, and looked at afterwards with the eyes of whoever knows all. */
export async function runTrial(plan: TrialPlan, seed: number, sabotage: Sabotage = {}): Promise<TrialResult> {
  const trial = await playPlan(plan, seed, sabotage);
  return { ...judgeTrial(trial), trial, causes: causesOf(trial) };
}

export async function playPlan(
  plan: TrialPlan,
  seed: number,
  sabotage: Sabotage = {},
  task: typeof runTask = runTask,
): Promise<Trial> {
  const world = createWorld();
  const random = randomOf(seed);
  const truth = emptyTruth();
  truth.unreachable = plan.network.outages.length + plan.network.expired.length > 0;
  const server = createServer(world, random, plan.network);
  const processes = new Map<string, Process>();
  let nonces = 0;
  const machines = plan.machines.map((one) =>
    createMachine(world, {
      name: one.name,
      base: one.base,
      skewMs: one.skewMs,
      uptimeMs: random.between(0, 1e9),
    }),
  );
  const launches = plan.machines.map((one, at) => prepareLaunch(machines[at] as Machine, one));
  for (const [at, one] of plan.machines.entries()) world.at(one.startsAt, () => launches[at]?.launch());
  for (const mishap of plan.mishaps) world.at(mishap.at, () => meet(mishap));
  await world.run(horizonMs);
  return { plan, truth, server, machines };

  function prepareLaunch(machine: Machine, { run, parallel, keys }: TrialPlan['machines'][number]) {
    const disk: Disk = { proofs: new Map(), finished: new Map(), progress: new Map() };
    const running = new Map<Process, { context: RunnerContext; cancel: AbortController }>();
    return { running, launch };

    /** Each task is a process of its own; so many at a time. */
    function launch(): void {
      const queue = keys.map((at) => plan.keys[at] as WorkKey);
      for (let at = 0; at < parallel; at += 1) startNext(queue);
    }

    function startNext(queue: WorkKey[]): void {
      const work = queue.shift();
      if (work === undefined || !machine.isAlive) return;
      const process = machine.start(`runner ${machine.name} ${work.unitId} ${(nonces += 1)}`);
      const cancel = new AbortController();
      const context: RunnerContext = {
        world,
        plan,
        truth,
        machine,
        disk,
        run,
        process,
        backend: server.open(process),
        sabotage,
        cancelled: cancel.signal,
        drainedAt: null,
        nonce: () => `n${(nonces += 1)}`,
        endOf: (key) =>
          key.ends[truth.starts.filter((start) => start.key === key.key && start.outcome !== null).length] ??
          'ok',
        processes,
      };
      running.set(process, { context, cancel });
      process.onEnd(() => running.delete(process));
      task(context, work)
        .catch((error: unknown) => {
          truth.defects.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
        })
        .finally(() => {
          running.delete(process);
          if (!process.isAlive) return;
          process.kill();
          startNext(queue);
        });
    }
  }

  function meet(mishap: TrialPlan['mishaps'][number]): void {
    const machine = machines[mishap.machine] as Machine;
    const launch = launches[mishap.machine];
    const runners = [...(launch?.running.values() ?? [])];
    const first = runners[0]?.context.process;
    switch (mishap.is) {
      case 'kill-machine':
        return machine.kill();
      case 'kill-runner':
        first?.kill();
        // A person, or the machine of CI, launches once more.
        if (first !== undefined && random.chance(0.6))
          world.at(world.now() + random.between(5_000, 300_000), () => launch?.launch());
        return;
      case 'drain':
        for (const { context, cancel } of runners) {
          context.drainedAt = world.now();
          cancel.abort();
        }
        return world.at(world.now() + 10_000, () => machine.kill());
      case 'suspend':
        return machine.suspend(mishap.ms, mishap.steadyStops);
      case 'stop-runner':
        return first?.stop(mishap.ms);
      case 'set-clock':
        return machine.setWall(mishap.ms);
      case 'delete-claim':
        return server.delete(`claims/${plan.keys[mishap.key]?.key ?? ''}`);
    }
  }
}
