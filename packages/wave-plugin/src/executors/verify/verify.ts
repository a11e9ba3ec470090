import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { verificationLines } from '../../core/views/verification';
import { signersAsk, type SignersOptions } from '../../engine/wave/verify-signed';
import { verifyWave } from '../../engine/wave/verify-wave';
import { withWave, type ExecutorSwitch } from '../with-wave';

export interface VerifyOptions extends ExecutorSwitch, SignersOptions {
  /** Derives every verdict anew and compares bytes. */
  replay?: boolean;
  /** Prints the findings as JSON. */
  json?: boolean;
}

/** Checks every bundle and record of the wave again. Fails where something is not what was recorded, or signed by nobody who may. */
export default function verifyExecutor(
  options: VerifyOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const signers = signersAsk(session, options);
      const report = await verifyWave(session, { replay: options.replay === true, signers });
      if (options.json === true) edges.print(canonicalJson(report));
      else verificationLines(report).forEach((line) => edges.print(line));
      return report.failures.length === 0;
    },
    options,
  );
}
