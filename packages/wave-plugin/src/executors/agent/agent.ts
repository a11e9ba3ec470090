import { type ExecutorContext } from '@nx/devkit';
import { isLanded } from '../../core/state/ledger';
import { reportOpenWave } from '../../engine/wave/report-open-wave';
import { reportDefect, runAgent } from '../../engine/agent/run-agent';
import { findAgent } from '../../engine/session/session';
import { refuse, withWave, type ExecutorSwitch } from '../with-wave';

export interface AgentOptions extends ExecutorSwitch {
  /** Unit id: `A1`, `D1-design`. */
  agent: string;
}

/** One agent to a proven slice. Success means `owned_slice_proven`; nothing else is ever cached. */
export default function agentExecutor(
  options: AgentOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return withWave(
    context,
    async (session) => {
      const { edges } = session;
      const agent = findAgent(session.wave, options.agent);
      if (!agent.ok) return refuse(session, [agent.error]);
      if (isLanded(session.ledger)) {
        edges.print(`${session.wave.identity.project} has landed: agent ${agent.value.unitId} does not run.`);
        return true;
      }
      const report = await runAgent(session, agent.value).catch(reportDefect);
      if (report.state === 'owned_slice_proven') return true;
      await reportOpenWave(session, [{ unitId: agent.value.unitId, failures: report.failures }]);
      return false;
    },
    options,
  );
}
