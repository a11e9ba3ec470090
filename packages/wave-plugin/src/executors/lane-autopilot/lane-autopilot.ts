import { type ExecutorContext } from '@nx/devkit';
import { runLaneAutopilot } from '../../engine/lane/run-lane-autopilot';
import { autopilotDoors } from '../autopilot-doors';
import { alone, tellReport, type AutopilotOptions } from '../alone';
import { laneOf, noLane } from '../with-lane';
import { metadataOf } from '../open-wave';

/** Runs the waves of the lane in their order, each by an autopilot of its own, until one does not close. */
export default function laneAutopilotExecutor(
  options: AutopilotOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return alone(context, async (edges, refuse) => {
    const lane = laneOf(context);
    if (lane === null) return refuse([noLane(context)]);
    const { executor } = options;
    const flown = await runLaneAutopilot(lane, edges, (path) => {
      const metadata = metadataOf(context, path) ?? { path, include: lane.include };
      return autopilotDoors(context, edges, { metadata, executor });
    });
    return flown.ok ? tellReport(edges, flown.value, options) : refuse(flown.error);
  });
}
