import type { RetryPlan } from '@nx-wave/schemas';
import type { Failure } from '@nx-wave/schemas/plain';
import type { WaveState } from '../state/wave-state';
import { describeFailure } from './describe-failure';
import { reasonLine } from './status';

export interface FailureSummaryInput {
  /** The unit whose task ends. */
  unitId: string;
  failures: readonly Failure[];
  state: WaveState;
  plan: RetryPlan;
  /** The command that moves the wave on, or null. */
  next: string | null;
}

/**
 * How the output of a failing agent ends. Nx skips every gate after it, so this is where people learn what stands against
 * the wave, which question is open, what is kept, and which command comes next.
 */
export function failureSummary({ unitId, failures, state, plan, next }: FailureSummaryInput): string[] {
  const others = state.reasons
    .filter(({ code, agentIds }) => code !== 'handoff-missing' || !agentIds.includes(unitId))
    .filter(({ repair }) => repair !== 'wait');
  const kept = plan.reusable_proof.map(({ agentId }) => agentId);
  return [
    `${state.wave} stays open: ${unitId} has not proven its slice.`,
    ...failures.map(describeFailure),
    ...others.map((reason) => `also: ${reasonLine(reason)}`),
    ...state.questions.map(
      ({ requestId, agentId, summary }) => `${agentId} asks (${requestId}): ${oneLine(summary)}`,
    ),
    ...(kept.length > 0 ? [`kept, and not paid again: ${kept.join(', ')}`] : []),
    ...(next === null ? [] : [`next: ${next}`]),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
