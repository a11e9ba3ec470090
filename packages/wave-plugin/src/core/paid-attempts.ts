import type { BundlePredicate } from '@nx-wave/schemas';

/** Ends that say nothing about the agent's work: nothing was started, nobody was let in, or it was broken off from outside. */
const excused: ReadonlySet<string> = new Set([
  'agent-spawn',
  'executor-unknown',
  'executor-unavailable',
  'local-command-missing',
  'local-command-invalid',
  'agent-auth',
  'agent-quota',
  'agent-rate-limited',
  'agent-interrupted',
  'agent-cancelled',
]);

/** Whether a failure says nothing about the agent's work, so that the attempt is none of its own. */
export function excusesAttempt(code: string): boolean {
  return excused.has(code);
}

/** What a decision about attempts may look at. */
export type AttemptFacts = Pick<BundlePredicate, 'state' | 'executor' | 'failures'> & {
  verifiedFrom?: unknown;
};

/**
 * Whether a program ran for an attempt, so that what it used is money spent: what was only verified again, and what a
 * person made (`adopt`), cost nothing.
 */
export function wasPaid({ verifiedFrom, executor }: AttemptFacts): boolean {
  return verifiedFrom === undefined && executor['adopted'] !== true;
}

/**
 * Whether an attempt is one of the agent's: a program was started for it, and it did not end by login, quota, rate limit,
 * loss or cancellation. `limits.attempts`, the estimate of a plan and the report count these and no others.
 */
export function countsAsAttempt(attempt: AttemptFacts): boolean {
  return wasPaid(attempt) && !attempt.failures.some(({ code }) => excusesAttempt(code));
}

/** How many of the attempts for one work key count as failed: what `limits.attempts` is compared with. */
export function failedAttempts(sameWork: readonly AttemptFacts[]): number {
  return sameWork.filter((attempt) => countsAsAttempt(attempt) && attempt.state !== 'owned_slice_proven')
    .length;
}
