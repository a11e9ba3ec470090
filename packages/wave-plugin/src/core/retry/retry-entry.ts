import type { GateReason, LedgerEntry, RetryPlan } from '@nx-wave/schemas';
import type { UnitState, WaveState } from '../state/wave-state';
import { findCauses, openReasons } from './causes';

type RetryApplied = Extract<LedgerEntry, { type: 'retry.applied' }>;

/** What applying a plan decides. The ledger adds id, time, author and reason. */
export type RetryEntry = Pick<RetryApplied, 'type' | 'agents' | 'fresh' | 'executorChanges'> & {
  inbox: NonNullable<RetryApplied['inbox']>;
};

/**
 * The ledger entry that carries a plan out, or null when the plan asks nobody to run. Its id becomes the epoch of the
 * invalidated agents that have a reason of their own. Those that only build on them run again by themselves if the result
 * changes: on an unchanged one, asking a steward again would be shopping for another verdict. An agent that waits for a
 * person is left out: its answer makes it run. `agents` are those that a person asked for.
 */
export function retryEntry(
  state: WaveState,
  plan: RetryPlan,
  options: { fresh: boolean; agents?: readonly string[] },
): RetryEntry | null {
  const { rerun } = findCauses(state, options);
  const units = state.units.filter(
    ({ unitId, target, status }) =>
      plan.invalidated.includes(`${state.wave}:${target}`) && rerun.has(unitId) && status !== 'asking',
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
  const isNamed = (name: string) => name === unit.unitId || name === unit.agentId;
  const isOwner = ({ owners }: GateReason) => owners?.some(isNamed) === true;
  const blaming = openReasons(state).filter(
    (reason) => reason.code !== 'handoff-missing' && (reason.agentIds.some(isNamed) || isOwner(reason)),
  );
  const reasons = blaming.map(({ code, detail }) => `${code}: ${detail}`);
  const judgements = blaming
    .filter(isOwner)
    .flatMap(({ agentIds }) => state.units.filter(({ unitId }) => agentIds.includes(unitId)))
    .flatMap(({ proof }) => proof?.workKey ?? []);
  const records = state.openRecords
    .filter(({ waitsFor }) => waitsFor.includes(unit.unitId))
    .map(({ by, record }) => ({ by, record }));
  return {
    agentId: unit.unitId,
    reasons: [...new Set(reasons)].sort(),
    records,
    ...(judgements.length > 0 ? { judgements: [...new Set(judgements)].sort() } : {}),
  };
}
