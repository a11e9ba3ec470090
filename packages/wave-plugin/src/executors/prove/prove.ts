import { type ExecutorContext } from '@nx/devkit';
import { isLanded } from '../../core/state/ledger';
import { count } from '../../core/count';
import { reportOpenWave } from '../../engine/wave/report-open-wave';
import { runProve } from '../../engine/stages/run-prove';
import { withWave, type ExecutorSwitch } from '../with-wave';

/** Merges every slice of the wave on the current base and proves the result. */
export default function proveExecutor(
  options: ExecutorSwitch,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      if (isLanded(session.ledger)) return true;
      const report = await runProve(session);
      if (report.ok && report.value.ok) {
        edges.print(
          `proved: merged tree ${report.value.tree ?? ''} (${count(report.value.changes.length, 'changed path')})`,
        );
        return true;
      }
      await reportOpenWave(session, report.ok ? [] : [{ unitId: 'prove', failures: report.error }]);
      return false;
    },
    options,
  );
}
