import { type ExecutorContext } from '@nx/devkit';
import { runDecide, type DecideOptions } from '../../engine/wave/run-decide';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

/** Records one decision of a person in the ledger. */
export default function decideExecutor(
  options: DecideOptions & ExecutorSwitch,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const report = await runDecide(session, options);
      if (!report.ok) return refuse(session, [report.error]);
      edges.print(`recorded: ${report.value.path}`);
      edges.print(`next: nx run ${session.wave.identity.project}:launch`);
      return true;
    },
    options,
  );
}
