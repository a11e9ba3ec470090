import { type Usage } from '@nx-wave/schemas';
import { addKnown, assumedUsage, describeMoney, describeUsage } from './usage';
import { count } from './count';

/** What programs that cost have used: tokens, money, time. */
export interface Spending {
  usage: Usage | null;
  /** Running time of the programs, added up; waiting for a service does not count. */
  runningMs: number;
  /** True where tokens were used whose price nobody knows: `usage.usd` then counts the others only. */
  unpriced: boolean;
  /** True where a program told nothing of what it used: it counts as the cap of its agent, where that has one. */
  untold: boolean;
  /** What of such a program counts for nothing, because its agent has no cap for it. */
  uncounted: Uncounted;
}

export interface Uncounted {
  tokens: boolean;
  usd: boolean;
}

const allCounted: Uncounted = { tokens: false, usd: false };

/** Of one start of a program. `ms`: how long it ran. */
export function spendingOf(usage: Usage | null, ms: number): Spending {
  return {
    usage,
    runningMs: Math.max(0, Math.round(ms)),
    unpriced: usage !== null && usage.usd === null,
    untold: false,
    uncounted: allCounted,
  };
}

/** Of one start that told nothing of what it used: it counts as the caps of its agent, as far as it has them. */
export function untoldSpending(caps: { tokens: number | null; usd: number | null }, ms: number): Spending {
  return {
    ...spendingOf(assumedUsage(caps), ms),
    untold: true,
    uncounted: { tokens: caps.tokens === null, usd: caps.usd === null },
  };
}

/** What one run left uncounted, as caps that its agent was given since: so a person decides what it is taken for. */
export function countByCaps(
  spending: Spending,
  caps: { tokens: number | null; usd: number | null },
): Spending {
  const { uncounted } = spending;
  const late = {
    tokens: uncounted.tokens ? caps.tokens : null,
    usd: uncounted.usd ? caps.usd : null,
  };
  if (late.tokens === null && late.usd === null) return spending;
  return {
    ...spending,
    usage: addKnown(spending.usage, assumedUsage(late)),
    uncounted: {
      tokens: uncounted.tokens && late.tokens === null,
      usd: uncounted.usd && late.usd === null,
    },
  };
}

export const nothingSpent: Spending = {
  usage: null,
  runningMs: 0,
  unpriced: false,
  untold: false,
  uncounted: allCounted,
};

/** Unknown money counts as none: a cap must hold for the part that is known. */
export function addSpending(a: Spending, b: Spending): Spending {
  return {
    usage: addKnown(a.usage, b.usage),
    runningMs: a.runningMs + b.runningMs,
    unpriced: a.unpriced || b.unpriced,
    untold: a.untold || b.untold,
    uncounted: {
      tokens: a.uncounted.tokens || b.uncounted.tokens,
      usd: a.uncounted.usd || b.uncounted.usd,
    },
  };
}

/** US dollars; null where a part of it is known to nobody. */
export function knownUsd({ usage, unpriced, uncounted }: Spending): number | null {
  return unpriced || uncounted.usd ? null : (usage?.usd ?? 0);
}

export interface WaveBudget {
  usd: number | null;
  tokens: number | null;
  minutes: number | null;
}

/** What of the budget of a wave its agents have used up together, in words; null while they are within. */
export function describeWaveExcess({ usage, runningMs }: Spending, budget: WaveBudget): string | null {
  const tokens = usage === null ? 0 : usage.inputTokens + usage.outputTokens;
  if (budget.tokens !== null && tokens >= budget.tokens)
    return `its wave has used ${tokens} of ${budget.tokens} tokens`;
  if (budget.usd !== null && usage !== null && usage.usd !== null && usage.usd >= budget.usd)
    return `its wave has used ${describeMoney(usage)} of $${budget.usd}`;
  if (budget.minutes !== null && runningMs >= budget.minutes * 60_000)
    return `its wave has used ${minutesOf(runningMs)} of ${count(budget.minutes, 'minute')}`;
  return null;
}

/** Why nobody knows what is left of the budget of a wave, in words; null where that is known. It stops starts, not programs. */
export function describeUncounted({ uncounted }: Spending, budget: WaveBudget): string | null {
  const left =
    budget.tokens !== null && uncounted.tokens
      ? `${budget.tokens} tokens`
      : budget.usd !== null && uncounted.usd
        ? `$${budget.usd}`
        : null;
  return left === null
    ? null
    : `a program of its wave told nothing of what it used, and its agent has no cap that it could count as, so what is left of ${left} is not known`;
}

/** `12k in, 3k out, estimated $4.05, 12.5 min; the price of a part is unknown`. */
export function describeSpending(
  { usage, runningMs, unpriced, untold, uncounted }: Spending,
  budget: WaveBudget,
): string {
  const caps = [
    ...(budget.tokens === null ? [] : [`${budget.tokens} tokens`]),
    ...(budget.usd === null ? [] : [`$${budget.usd}`]),
    ...(budget.minutes === null ? [] : [`${budget.minutes} min`]),
  ];
  return [
    ...(usage === null ? [] : [`${describeUsage(usage)}, `]),
    `${minutesOf(runningMs)} min`,
    ...(unpriced ? ['; the price of a part is unknown'] : []),
    ...(untold
      ? [
          uncounted.tokens && uncounted.usd
            ? '; what a part used is unknown and counts for nothing: its agent has no cap'
            : '; what a part used is unknown, it counts as the cap of its agent',
        ]
      : []),
    ...(caps.length === 0 ? [] : [` (budget: ${caps.join(', ')})`]),
  ].join('');
}

function minutesOf(ms: number): number {
  return Math.round(ms / 6_000) / 10;
}
