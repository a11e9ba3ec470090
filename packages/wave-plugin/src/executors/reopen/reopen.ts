import { type ExecutorContext } from '@nx/devkit';
import { runReopen } from '../../engine/wave/run-reopen';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface ReopenOptions extends ExecutorSwitch {
  by?: string;
  reason?: string;
}

/** Reopens a landed wave: agents are possible again, finished proof is still served from the store. */
export default function reopenExecutor(
  options: ReopenOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const report = await runReopen(session, options);
      if (!report.ok) return refuse(session, [report.error]);
      edges.print(`recorded: ${report.value.path}`);
      edges.print(`next: nx run ${session.wave.identity.project}:launch`);
      return true;
    },
    options,
  );
}
