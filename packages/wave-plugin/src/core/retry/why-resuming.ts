import { isMergeReason } from '../state/merge-reason';
import type { WaveState } from '../state/wave-state';
import type { Causes } from './causes';
import type { RetryRequest } from './retry-request';

/** The first true cause, as `code: text`. */
export function whyResuming(state: WaveState, causes: Causes, request: RetryRequest): string {
  if (state.landed) return 'landed: the wave has landed; only reopening it makes its agents possible again';
  const { humanInputs, judged } = causes;
  const { agents = [] } = request;
  if (humanInputs.length > 0)
    return `human-request: a person is asked for ${[...new Set(humanInputs)].sort().join(', ')}`;
  if (agents.length > 0) return `requested: ${[...agents].sort().join(', ')} shall run again`;
  const sibling = judged.find(({ code }) => code === 'shared-component-sibling-pending');
  if (sibling) return `shared-component-sibling-pending: ${sibling.detail}`;
  const slices = state.units.filter(({ status }) => status === 'failed' || status === 'interrupted');
  if (slices.length > 0) {
    const told = slices.map(({ unitId, failures }) => `${unitId} (${failures[0]?.code ?? 'interrupted'})`);
    return `slice-failure: not proven yet: ${told.sort().join(', ')}`;
  }
  const reason = judged.find(({ code, repair }) => code !== 'handoff-missing' && repair !== 'wait');
  if (reason)
    return `${isMergeReason(reason) ? 'merge-failure' : 'gate-failure'}: ${reason.code}: ${reason.detail}`;
  const running = state.units.filter(({ status }) => status === 'running').map(({ unitId }) => unitId);
  if (running.length > 0) return `in-progress: being run right now: ${running.sort().join(', ')}`;
  const open = state.units.filter(({ status }) => status !== 'proven').map(({ unitId }) => unitId);
  if (open.length > 0) return `work-left: not run yet on the present inputs: ${open.sort().join(', ')}`;
  return 'all-gates-pass: every agent is proven and no gate has anything against it';
}
