import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { describeFailure } from '../../core/views/describe-failure';
import { verificationLines } from '../../core/views/verification';
import { verifyLane } from '../../engine/lane/verify-lane';
import { type SignersOptions } from '../../engine/wave/verify-signed';
import { withLane } from '../with-lane';

export interface LaneVerifyOptions extends SignersOptions {
  /** The Nx project of the one wave to check. */
  wave?: string;
  /** Prints the findings as JSON. */
  json?: boolean;
}

/** Checks the closed waves of a lane. Fails where one is not what was recorded, or where nothing is closed. */
export default function laneVerifyExecutor(
  options: LaneVerifyOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withLane(context, async (lane, edges) => {
    const { waves, failures } = await verifyLane(lane, edges, options);
    if (options.json === true) edges.print(canonicalJson({ schemaVersion: 1, waves, failures }));
    else {
      for (const one of waves) {
        if (waves.length > 1) edges.print(`${one.wave}:`);
        verificationLines(one).forEach((line) => edges.print(line));
      }
      for (const one of failures) edges.print(describeFailure(one));
    }
    return failures.length === 0 && waves.every((one) => one.failures.length === 0);
  });
}
