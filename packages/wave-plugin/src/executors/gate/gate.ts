import { type ExecutorContext } from '@nx/devkit';
import { type Stage } from '@nx-wave/schemas/plain';
import { describeFailure } from '../../core/views/describe-failure';
import { reportOpenWave } from '../../engine/report-open-wave';
import { runGate } from '../../engine/run-gate';
import { openWave } from '../open-wave';

export interface GateOptions {
  stage: Stage;
}

/** Judges one stage and writes its verdict. A stage that does not pass fails the task: nothing is cached then. */
export default async function gateExecutor(
  options: GateOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const opened = await openWave(context);
  if (!opened.ok) {
    opened.error.forEach((one) => process.stderr.write(`${describeFailure(one)}\n`));
    return { success: false };
  }
  const { session, edges } = opened.value;
  const report = await runGate(session, options.stage, edges);
  if (!report.ok) {
    await reportOpenWave(session, [{ unitId: `gate-${options.stage}`, failures: report.error }], edges);
    return { success: false };
  }
  for (const advisory of report.value.advisories)
    edges.print(`advisory ${advisory.code}: ${advisory.detail}`);
  if (report.value.ok) {
    edges.print(`passed: ${options.stage} of ${session.wave.identity.project}`);
    return { success: true };
  }
  await reportOpenWave(session, [], edges);
  return { success: false };
}
