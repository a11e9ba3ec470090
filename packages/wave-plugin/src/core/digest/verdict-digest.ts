import type { Verdict } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';

/**
 * sha256 of a verdict, which the next verdict and the work keys of the next stage hold. How strongly slices were proved is left
 * out: no agent sees it, and measuring finished work again must pay for nobody who works on its result.
 */
export function verdictDigest(verdict: Verdict): string {
  return digestOf({
    ...verdict,
    agents: verdict.agents.map(({ strength: _strength, ...judged }) => judged),
  });
}
