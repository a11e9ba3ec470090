import { type ExecutorContext } from '@nx/devkit';
import { type Stage } from '@nx-wave/schemas/plain';
import { isLanded } from '../../core/state/ledger';
import { reportOpenWave } from '../../engine/wave/report-open-wave';
import { runGate } from '../../engine/stages/run-gate';
import { withWave, type ExecutorSwitch } from '../with-wave';

export interface GateOptions extends ExecutorSwitch {
  stage: Stage;
}

/** Judges one stage and writes its verdict. A stage that does not pass fails the task: nothing is cached then. */
export default function gateExecutor(
  options: GateOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      if (isLanded(session.ledger)) return true;
      const report = await runGate(session, options.stage);
      if (!report.ok) {
        await reportOpenWave(session, [{ unitId: `gate-${options.stage}`, failures: report.error }]);
        return false;
      }
      for (const advisory of report.value.advisories)
        edges.print(`advisory ${advisory.code}: ${advisory.detail}`);
      if (!report.value.ok) {
        await reportOpenWave(session, []);
        return false;
      }
      edges.print(`passed: ${options.stage} of ${session.wave.identity.project}`);
      return true;
    },
    options,
  );
}
