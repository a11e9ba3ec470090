import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { describeFailure } from '../../core/views/describe-failure';
import { alignTable } from '../../core/views/table';
import { readLaneStatus } from '../../engine/lane/lane-status';
import { withLane } from '../with-lane';

export interface LaneStatusOptions {
  /** Prints the rows as JSON. */
  json?: boolean;
}

/** Shows where every wave of a lane stands; fails only where a wave cannot be opened. */
export default function laneStatusExecutor(
  options: LaneStatusOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withLane(context, async (lane, edges) => {
    const rows = await readLaneStatus(lane, edges);
    if (options.json === true) edges.print(canonicalJson(rows));
    else {
      const table = rows.map(({ wave, phase, proven, agents, next }) => [
        wave,
        phase ?? 'unreadable',
        `${proven}/${agents}`,
        next ?? '-',
      ]);
      alignTable([['wave', 'state', 'proven', 'next'], ...table]).forEach((line) => edges.print(line));
      rows.flatMap(({ failures }) => failures).forEach((one) => edges.print(describeFailure(one)));
    }
    return rows.every(({ failures }) => failures.length === 0);
  });
}
