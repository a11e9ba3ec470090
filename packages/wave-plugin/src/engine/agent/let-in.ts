import type { Amounts } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import type { Spending } from '../../core/spending';
import { elapsed } from '../../core/shared-store/silence';
import { findAdapter } from '../../adapters/registry';
import { startWatchdog } from '../../edges/processes/watchdog';
import type { Bundle } from '../../edges/store/bundle';
import type { ProgramRequest, SharedBudget } from '../program/program';
import type { AttemptContext } from './attempt';

/** Place and money over all machines, and the start in the claim, before a program is started. Nothing without a shared store. */
export async function letIn({ session, agent, claim }: AttemptContext): Promise<Result<void>> {
  if (!claim) return ok(undefined);
  const { budget, limits, store } = session.wave.settings;
  const { executor } = agent;
  const isFree = findAdapter(executor.id, session.adapters)?.free === true;
  const caps = isFree
    ? { usd: 0, tokens: 0, minutes: 0 }
    : {
        usd: executor.budget.usd ?? null,
        tokens: executor.budget.tokens ?? null,
        minutes: executor.budget.minutes ?? limits.attemptMinutes,
      };
  const admitted = await claim.admit({ caps, limits: { budget, places: store.places } });
  return admitted.ok ? claim.start() : admitted;
}

/** A machine that is told to end has six seconds altogether: so many of them for the group of the agent. */
const drainGraceMs = 2_000;

/** How fast the agent is ended where another machine waits for its work. */
export function endGrace({ claim }: AttemptContext): Pick<ProgramRequest, 'graceMs'> {
  return claim ? { graceMs: drainGraceMs } : {};
}

/** Ends what is at work when the task is cancelled, or its claim is lost. */
export function stopSignal({ session, claim }: AttemptContext): AbortSignal {
  const { signal } = session.edges;
  return claim ? AbortSignal.any([signal, claim.lost]) : signal;
}

/**
 * A process above the agent's group, for a runner that is killed or stopped alone: another machine takes the claim, and two
 * would be paid. Only under a claim.
 */
export function watchOver({ session, claim }: AttemptContext): Pick<ProgramRequest, 'watchGroup'> {
  if (!claim || session.shared === null) return {};
  const { lostMs, endMs } = session.shared.periods;
  return {
    watchGroup(group) {
      let isOver = false;
      const started = startWatchdog(group, lostMs + endMs);
      void started.then((watchdog) => {
        if (watchdog === null)
          return session.edges.print('warning: nothing watches over the agent of this runner');
        claim.onRenewed(({ since, ms }) => {
          const { clock } = session.edges;
          const ago = elapsed(since, {
            wallMs: clock.epochMs?.() ?? session.edges.now().getTime(),
            steadyMs: clock.now(),
          });
          if (!isOver) watchdog.allow(ms + endMs - ago);
        });
      });
      return () => {
        isOver = true;
        void started.then((watchdog) => watchdog?.close());
      };
    },
  };
}

/** The budget of this machine, and beside it what the agent may use over all machines. */
export function budgetOverall(context: AttemptContext, here: SharedBudget): SharedBudget {
  const { claim } = context;
  if (!claim) return here;
  const before = context.told ?? null;
  return {
    settle(spending) {
      const excess = here.settle(spending);
      const used = addAmounts(before, amountsOf(spending));
      context.told = used;
      const short = claim.tell(used);
      return (
        excess ?? (short === null ? null : `its wave has no ${names[short]} left for it, over all machines`)
      );
    },
  };
}

const names = { usd: 'money', tokens: 'tokens', minutes: 'minutes' } as const;

function amountsOf({ usage, runningMs }: Spending): Amounts {
  return {
    usd: usage?.usd ?? null,
    tokens: usage === null ? null : usage.inputTokens + usage.outputTokens,
    minutes: runningMs / 60_000,
  };
}

function addAmounts(first: Amounts | null, second: Amounts): Amounts {
  const sum = (a: number | null, b: number | null) => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));
  if (first === null) return second;
  return {
    usd: sum(first.usd, second.usd),
    tokens: sum(first.tokens, second.tokens),
    minutes: sum(first.minutes, second.minutes),
  };
}

/** The digest stands in the claim before anything of the proof is published here. */
export async function settleFirst({ session, claim }: AttemptContext, bundle: Bundle): Promise<Result<void>> {
  if (!claim || session.shared === null) return ok(undefined);
  const shared = await session.shared.join();
  if (!shared.ok) return shared;
  const uploaded = await shared.value.upload('bundle', bundle.folder);
  return uploaded.ok ? claim.settle(uploaded.value) : uploaded;
}
