import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { count } from '../../core/count';
import { describeFailures } from '../../core/views/describe-failure';
import { lintLane } from '../../engine/lane/lint-lane';
import { withLane } from '../with-lane';

export interface LintOptions {
  /** Prints the findings as JSON. */
  json?: boolean;
}

/** Shows everything that is wrong in the waves of a lane; fails on errors, not on warnings. */
export default function lintExecutor(
  options: LintOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withLane(context, async (lane, edges) => {
    const { waves, failures } = await lintLane(lane, edges);
    if (options.json === true) edges.print(canonicalJson({ waves, failures }));
    else if (failures.length > 0) edges.print(describeFailures(failures));
    else edges.print(`${count(waves.length, 'wave')}, nothing to say`);
    return failures.every(({ severity }) => severity !== 'error');
  });
}
