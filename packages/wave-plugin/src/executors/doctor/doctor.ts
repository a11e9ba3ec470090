import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { healthLines, judgeHealth, settingsLines } from '../../core/views/health';
import { examineMachine } from '../../engine/lane/examine-machine';
import { settingsOf } from '../open-wave';
import { withLane } from '../with-lane';

export interface DoctorOptions {
  /** Prints the lines as JSON. */
  json?: boolean;
}

/** Says whether this machine can run the waves of a lane. Fails where something must be put right first. */
export default function doctorExecutor(
  options: DoctorOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withLane(context, async (lane, edges) => {
    const lines = [
      ...judgeHealth(await examineMachine(lane, edges)),
      ...settingsLines(settingsOf(context, lane.waves)),
    ];
    if (options.json === true) edges.print(canonicalJson(lines));
    else healthLines(lines).forEach((line) => edges.print(line));
    return lines.every(({ state }) => state !== 'fail');
  });
}
