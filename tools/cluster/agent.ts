import type { Amounts } from '@nx-wave/schemas';
import type { Process } from './machine';
import { sha256, type WorkKey } from './plan';
import type { Start, Truth } from './truth';
import type { World } from './world';

export interface AgentProgram {
  start: Start;
  /** Calls that are done, those before it included. */
  progress(): number;
  /** Resolves for its runner when it has ended, by itself or not. */
  ended: Promise<void>;
  end(why: NonNullable<Start['stopped']>, afterMs: number): void;
}

export interface AgentRequest {
  work: WorkKey;
  runner: Process;
  run: string;
  from: number;
  outcome: 'ok' | 'fails' | 'auth' | 'quota';
  onUsed(used: Amounts): void;
}

/** An agent program: model calls one after the other, each told to the runner when it is done, and then a result of its own. */
export function startAgent(world: World, truth: Truth, request: AgentRequest): AgentProgram {
  const { work, runner, run, from, outcome } = request;
  const group = runner.machine.start(`agent ${work.unitId}`);
  const start: Start = {
    id: truth.starts.length + 1,
    key: work.key,
    run,
    runner,
    group,
    base: runner.machine.base,
    at: world.now(),
    endedAt: null,
    from,
    calls: [],
    outcome: null,
    content: null,
    stopped: null,
    settledAt: null,
  };
  truth.starts.push(start);
  let told = 0;
  const ended = new Promise<void>((resolve) => {
    group.onEnd(() => {
      start.endedAt = world.now();
      const cut = start.calls.at(-1);
      if (cut?.to === null) cut.to = world.now();
      runner.deliver(resolve);
    });
  });
  void work_();
  return {
    start,
    progress: () => from + start.calls.filter(({ to }) => to !== null && to <= world.now()).length,
    ended,
    end(why, afterMs) {
      world.at(world.now() + afterMs, () => {
        if (group.isAlive) start.stopped ??= why;
        group.kill();
      });
    },
  };

  async function work_(): Promise<void> {
    // Nobody is let in, and nothing is paid.
    const calls = outcome === 'auth' || outcome === 'quota' ? [] : work.calls.slice(from);
    for (const { ms, usd } of calls) {
      const call: Start['calls'][number] = { from: world.now(), to: null, usd, ms };
      start.calls.push(call);
      await group.sleep(ms);
      call.to = world.now();
      told += usd;
      const used = { usd: told, tokens: null, minutes: (world.now() - start.at) / 60_000 };
      runner.deliver(() => request.onUsed(used));
    }
    await group.sleep(500);
    start.outcome = outcome;
    if (outcome === 'ok') start.content = sha256(`${work.key} by ${start.id}`);
    group.kill();
  }
}
