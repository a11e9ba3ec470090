import { type ExecutorContext } from '@nx/devkit';
import { describeFailure } from '../../core/views/describe-failure';
import { reportOpenWave } from '../../engine/report-open-wave';
import { runLaunch } from '../../engine/run-launch';
import { statusTable, writeStatus } from '../../engine/status';
import { openWave } from '../open-wave';

/** Judges wave closure, writes the closure record and the integrated patch, and prints the summary. */
export default async function launchExecutor(
  _options: Record<string, never>,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const opened = await openWave(context);
  if (!opened.ok) {
    opened.error.forEach((one) => process.stderr.write(`${describeFailure(one)}\n`));
    return { success: false };
  }
  const { session, edges } = opened.value;
  const report = await runLaunch(session);
  if (!report.ok || report.value.state !== 'closed') {
    await reportOpenWave(session, report.ok ? [] : [{ unitId: 'launch', failures: report.error }], edges);
    return { success: false };
  }
  await writeStatus(session, report.value);
  statusTable(session, report.value).forEach((line) => edges.print(line));
  const { project } = session.wave.identity;
  edges.print(
    `${project} is closed: ${report.value.agents.length} agents proven, ${report.value.changes.length} changed paths.`,
  );
  edges.print(`record: ${session.paths.closure}`);
  edges.print(`next: ${report.value.next ?? 'nothing'}`);
  return { success: true };
}
