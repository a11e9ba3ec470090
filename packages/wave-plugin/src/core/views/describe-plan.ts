import type { RetryPlan } from '@nx-wave/schemas';

/** A retry plan for people, one fact a line. */
export function describePlan(plan: RetryPlan): string[] {
  return [
    `${plan.wave}: ${plan.why_resuming}`,
    `runs again: ${plan.invalidated.length === 0 ? 'nothing' : plan.invalidated.join(', ')}`,
    `kept: ${plan.reusable_proof.length === 0 ? 'nothing' : plan.reusable_proof.map(({ proofBundleId }) => proofBundleId).join(', ')}`,
    `resumes from: ${plan.resume_from_stage}`,
    ...plan.executor_changes.map(({ agentId, from, to }) => `executor of ${agentId}: ${from} -> ${to}`),
    ...plan.human_inputs_blocking.map((id) => `waits for a person: ${id}`),
  ];
}
