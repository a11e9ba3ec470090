import { type ExecutorContext } from '@nx/devkit';
import { describeFailure } from '../../core/views/describe-failure';
import { reportOpenWave } from '../../engine/report-open-wave';
import { runProve } from '../../engine/run-prove';
import { openWave } from '../open-wave';

/** Merges every slice of the wave on the current base and proves the result. */
export default async function proveExecutor(
  _options: Record<string, never>,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const opened = await openWave(context);
  if (!opened.ok) {
    opened.error.forEach((one) => process.stderr.write(`${describeFailure(one)}\n`));
    return { success: false };
  }
  const { session, edges } = opened.value;
  const report = await runProve(session, edges);
  if (report.ok && report.value.ok) {
    edges.print(
      `proved: merged tree ${report.value.tree ?? ''} (${report.value.changes.length} changed paths)`,
    );
    return { success: true };
  }
  await reportOpenWave(session, report.ok ? [] : [{ unitId: 'prove', failures: report.error }], edges);
  return { success: false };
}
