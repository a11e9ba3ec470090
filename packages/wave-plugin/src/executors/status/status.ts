import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { describeSpending } from '../../core/spending';
import { describeUsage } from '../../core/usage';
import { statusLines } from '../../core/views/status';
import { readStatus, statusWithUsage, writeWaveStatus } from '../../engine/wave/read-status';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface StatusOptions extends ExecutorSwitch {
  /** Prints the state as JSON instead of a table. */
  json?: boolean;
}

/** Shows the state of the wave from what is stored; runs nothing, and writes `status/wave-<n>.json`. */
export default function statusExecutor(
  options: StatusOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const status = await readStatus(session);
      const written = await writeWaveStatus(session, status);
      if (options.json === true) edges.print(canonicalJson(statusWithUsage(status)));
      else {
        statusLines(status).forEach((line) => edges.print(line));
        if (status.spending.runningMs > 0)
          edges.print(`Used: ${describeSpending(status.spending, status.budget)}`);
        else if (status.usage !== null) edges.print(`Used: ${describeUsage(status.usage)}`);
      }
      return written.ok || refuse(session, [written.error]);
    },
    options,
  );
}
