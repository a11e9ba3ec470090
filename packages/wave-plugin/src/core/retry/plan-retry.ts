import type { RetryPlan } from '@nx-wave/schemas';
import { stages } from '@nx-wave/schemas/plain';
import type { UnitState, WaveState } from '../state/wave-state';
import { findCauses } from './causes';
import { withDependents } from './dependents';
import { executorChanges } from './executor-change';
import { whyResuming } from './why-resuming';

/** What a person adds to a plan: agents that shall run again although nothing demands it. */
export interface RetryRequest {
  /** Agent or unit ids. */
  agents?: readonly string[];
}

/**
 * What runs again and what is kept, from the reduced state alone: nothing is launched and nothing else is read. The same
 * state in any order gives the same bytes.
 */
export function planRetry(state: WaveState, request: RetryRequest = {}): RetryPlan {
  const causes = state.landed
    ? { rerun: new Set<string>(), humanInputs: [], judged: [] }
    : findCauses(state, request);
  const again = new Set([...causes.rerun, ...withDependents(state, causes.rerun)]);
  const invalidated = state.units.filter(({ unitId }) => again.has(unitId));
  const toRun = state.landed
    ? []
    : state.units.filter((unit) => again.has(unit.unitId) || unit.status !== 'proven');
  return {
    schemaVersion: 1,
    wave: state.wave,
    why_resuming: whyResuming(state, causes, request),
    invalidated: invalidated.map(({ target }) => `${state.wave}:${target}`).sort(),
    reusable_proof: state.units
      .filter((unit) => !again.has(unit.unitId) && unit.proof !== null)
      .map((unit) => ({ proofBundleId: unit.proof?.proofBundleId ?? '', agentId: unit.unitId }))
      .sort((a, b) => (a.agentId < b.agentId ? -1 : 1)),
    resume_from_stage: earliestStage(toRun),
    executor_changes: executorChanges(state, invalidated).sort((a, b) => (a.agentId < b.agentId ? -1 : 1)),
    human_inputs_blocking: [...new Set(causes.humanInputs)].sort(),
  };
}

function earliestStage(units: readonly UnitState[]): RetryPlan['resume_from_stage'] {
  return stages.find((stage) => units.some((unit) => unit.stage === stage)) ?? 'none';
}
