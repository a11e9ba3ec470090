import { type ExecutorContext } from '@nx/devkit';
import { runReport, type ReportForm } from '../../engine/wave/run-report';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface ReportOptions extends ExecutorSwitch {
  /** One self-contained HTML file where absent. */
  format?: ReportForm;
}

/** Writes the report of the wave from what is stored, whatever state the wave is in; runs nothing. */
export default function reportExecutor(
  options: ReportOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const written = await runReport(session, options.format ?? 'html');
      if (!written.ok) return refuse(session, [written.error]);
      edges.print(`report: ${written.value}`);
      return true;
    },
    options,
  );
}
