import { type ExecutorContext } from '@nx/devkit';
import { runAutopilot } from '../../engine/wave/run-autopilot';
import { autopilotDoors } from '../autopilot-doors';
import { alone, tellReport, type AutopilotOptions } from '../alone';
import { noWave, waveMetadata } from '../open-wave';

/** Launches, sends refused work back and launches again, until the wave is closed or a person has to speak. */
export default function autopilotExecutor(
  options: AutopilotOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return alone(context, async (edges, refuse) => {
    const metadata = waveMetadata(context);
    if (metadata === null) return refuse([noWave(context)]);
    const { executor } = options;
    const flown = await runAutopilot(edges, autopilotDoors(context, edges, { metadata, executor }));
    return flown.ok ? tellReport(edges, flown.value, options) : refuse(flown.error);
  });
}
