import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { count } from '../../core/count';
import { describeFailure } from '../../core/views/describe-failure';
import { verifyWave } from '../../engine/wave/verify-wave';
import { withWave, type ExecutorSwitch } from '../with-wave';

export interface VerifyOptions extends ExecutorSwitch {
  /** Derives every verdict anew and compares bytes. */
  replay?: boolean;
  /** Prints the findings as JSON. */
  json?: boolean;
}

/** Checks every bundle and record of the wave again. Fails where something is not what was recorded. */
export default function verifyExecutor(
  options: VerifyOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const report = await verifyWave(session, { replay: options.replay === true });
      if (options.json === true) edges.print(canonicalJson(report));
      else {
        const { store, attempts, shown } = report.intact;
        edges.print(
          `intact: ${count(store, 'bundle')} in the proof store, ${attempts} of attempts, ${shown} shown`,
        );
        for (const { stage, state } of report.verdicts) edges.print(`verdict ${stage}: ${state}`);
        for (const one of report.failures) edges.print(describeFailure(one));
        edges.print(
          report.failures.length === 0
            ? `${report.wave} rests on what was recorded`
            : count(report.failures.length, 'finding'),
        );
      }
      return report.failures.length === 0;
    },
    options,
  );
}
