import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { claimLost } from './claim-failures';
import type { ClaimAsk, ClaimEnd, HeldClaim, SharedClaims } from './contracts';

export interface WorkDone<T> {
  value: T;
  /** How the start ended, for the claim; null where none was made. */
  end: ClaimEnd;
  /** Where the next start goes on, if it is newer than what the claim knows. */
  checkpoint?: string | null;
}

/** What is done under a claim, or instead of it. */
export interface ClaimedWork<T> {
  /** Serves the first of these proofs that holds here; null where none does. It fails where that cannot be told now. */
  serve(proofs: readonly string[]): Promise<Result<T | null>>;
  /** Judges stored work, or lets an agent run. Settles the claim itself, before it publishes anything. */
  work(claim: HeldClaim): Promise<WorkDone<T>>;
}

/**
 * Work that is paid once, on whichever machine: under the claim of its key, or the proof of whoever had it. Where the claim
 * is lost, the winner's proof is served, or waited for.
 */
export async function underClaim<T>(
  claims: SharedClaims,
  ask: ClaimAsk,
  { serve, work }: ClaimedWork<T>,
): Promise<Result<T>> {
  const refused = new Set(ask.refused);
  for (;;) {
    const taken = await claims.acquire({ ...ask, refused });
    if (!taken.ok) return taken;
    if (taken.value.is === 'answered') return err(taken.value.failure);
    if (taken.value.is === 'settled') {
      const { proofs } = taken.value;
      const served = await serve(proofs);
      if (!served.ok) return served;
      if (served.value !== null) return ok(served.value);
      for (const digest of proofs) refused.add(digest);
      continue;
    }
    const { claim } = taken.value;
    let done: WorkDone<T> | null = null;
    try {
      done = await work(claim);
    } finally {
      await claim.release(done?.end ?? null, done?.checkpoint);
    }
    if (!claim.lost.aborted || claim.hasSettled()) return ok(done.value);
    if (ask.signal.aborted) return err(lostFailure());
  }

  function lostFailure(): Failure {
    return claimLost(ask, 'silent');
  }
}
