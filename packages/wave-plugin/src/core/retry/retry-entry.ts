import type { LedgerEntry, RetryPlan } from '@nx-wave/schemas';
import type { UnitState, WaveState } from '../state/wave-state';
import { openReasons } from './causes';

type RetryApplied = Extract<LedgerEntry, { type: 'retry.applied' }>;

/** What applying a plan decides. The ledger adds id, time, author and reason. */
export type RetryEntry = Pick<RetryApplied, 'type' | 'agents' | 'fresh' | 'executorChanges'> & {
  inbox: NonNullable<RetryApplied['inbox']>;
};

/**
 * The ledger entry that carries a plan out, or null when the plan asks nobody to run. Its id becomes the epoch of exactly
 * the invalidated agents. An agent that waits for a person is left out: its answer makes it run, and asking it again
 * without one would be paid for the same question.
 */
export function retryEntry(
  state: WaveState,
  plan: RetryPlan,
  options: { fresh: boolean },
): RetryEntry | null {
  const units = state.units.filter(
    (unit) => plan.invalidated.includes(`${state.wave}:${unit.target}`) && unit.status !== 'asking',
  );
  if (units.length === 0) return null;
  const agents = units.map(({ unitId }) => unitId).sort();
  return {
    type: 'retry.applied',
    agents,
    fresh: options.fresh,
    executorChanges: plan.executor_changes.filter(({ agentId }) => agents.includes(agentId)),
    inbox: units
      .map((unit) => inboxOf(state, unit))
      .filter(({ reasons, records }) => reasons.length > 0 || records.length > 0)
      .sort((a, b) => (a.agentId < b.agentId ? -1 : 1)),
  };
}

/** Why this unit runs again, and what it owes an answer to. Its own failures reach it with its last attempt. */
function inboxOf(state: WaveState, unit: UnitState): RetryEntry['inbox'][number] {
  const names = [unit.unitId, unit.agentId];
  const reasons = openReasons(state)
    .filter(({ code }) => code !== 'handoff-missing')
    .filter(({ agentIds, owners }) => [...agentIds, ...(owners ?? [])].some((name) => names.includes(name)))
    .map(({ code, detail }) => `${code}: ${detail}`);
  const records = state.openRecords
    .filter(({ waitsFor }) => waitsFor.includes(unit.unitId))
    .map(({ by, record }) => ({ by, record }));
  return { agentId: unit.unitId, reasons: [...new Set(reasons)].sort(), records };
}
