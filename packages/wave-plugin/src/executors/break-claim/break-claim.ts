import { type ExecutorContext } from '@nx/devkit';
import { describeFailure } from '../../core/views/describe-failure';
import { describeHolder } from '../../engine/claims/claim-failures';
import { runBreakClaim } from '../../engine/lane/run-break-claim';
import { withLane } from '../with-lane';

export interface BreakClaimOptions {
  key?: string;
  wave?: string;
  agent?: string;
  by?: string;
  reason?: string;
}

/** Frees a claim of the shared store; fails where the store gives no answer or nobody says who decides. */
export default function breakClaimExecutor(
  options: BreakClaimOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withLane(context, async (lane, edges) => {
    const broken = await runBreakClaim(lane, options, edges);
    if (!broken.ok) {
      for (const one of broken.error) edges.print(describeFailure(one));
      return false;
    }
    const { workKey, from, is } = broken.value;
    edges.print(
      is === 'not-held'
        ? `nobody holds the claim ${workKey}: there was nothing to break`
        : `free: the claim ${workKey}, which ${describeHolder(from)} held; it ends its agent when it learns of it`,
    );
    return true;
  });
}
