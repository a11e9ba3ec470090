import type { RetryPlan } from '@nx-wave/schemas';
import type { WaveState } from '../state/wave-state';
import { presentStages } from '../wave-order';
import { findCauses } from './causes';
import { withDependents } from './dependents';
import { executorChanges } from './executor-change';
import type { RetryRequest } from './retry-request';
import { whyResuming } from './why-resuming';

/**
 * What runs again and what is kept, from the reduced state alone: nothing is launched and nothing else is read. The same
 * state in any order gives the same bytes.
 */
export function planRetry(state: WaveState, request: RetryRequest = {}): RetryPlan {
  const causes = findCauses(state, request);
  const again = new Set([...causes.rerun, ...withDependents(state, causes.rerun)]);
  const invalidated = state.units.filter(({ unitId }) => again.has(unitId));
  const toRun = state.units.filter(
    ({ unitId, status }) => !state.landed && (again.has(unitId) || status !== 'proven'),
  );
  return {
    schemaVersion: 1,
    wave: state.wave,
    why_resuming: whyResuming(state, causes, request),
    invalidated: invalidated.map(({ target }) => `${state.wave}:${target}`).sort(),
    reusable_proof: state.units
      .flatMap(({ unitId, proof }) =>
        proof === null || again.has(unitId) ? [] : [{ proofBundleId: proof.proofBundleId, agentId: unitId }],
      )
      .sort((a, b) => (a.agentId < b.agentId ? -1 : 1)),
    resume_from_stage: presentStages({ agents: toRun })[0] ?? 'none',
    executor_changes: executorChanges(state, invalidated).sort((a, b) => (a.agentId < b.agentId ? -1 : 1)),
    human_inputs_blocking: [...new Set(causes.humanInputs)].sort(),
  };
}
