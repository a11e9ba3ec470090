import { type ExecutorContext } from '@nx/devkit';
import { describeFailure } from '../../core/views/describe-failure';
import { reportDefect, runAgent } from '../../engine/run-agent';
import { reportOpenWave } from '../../engine/report-open-wave';
import { findAgent } from '../../engine/session';
import { openWave } from '../open-wave';

export interface AgentOptions {
  /** Unit id: `A1`, `D1-design`. */
  agent: string;
}

/** One agent to a proven slice. Success means `owned_slice_proven`; nothing else is ever cached. */
export default async function agentExecutor(
  options: AgentOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const opened = await openWave(context);
  if (!opened.ok) {
    opened.error.forEach((one) => process.stderr.write(`${describeFailure(one)}\n`));
    return { success: false };
  }
  const { session, edges } = opened.value;
  for (const warning of session.warnings) edges.print(describeFailure(warning));
  const agent = findAgent(session.wave, options.agent);
  if (!agent.ok) {
    edges.print(describeFailure(agent.error));
    return { success: false };
  }
  const report = await runAgent(session, agent.value, edges).catch(reportDefect);
  if (report.state === 'owned_slice_proven') return { success: true };
  await reportOpenWave(session, [{ unitId: agent.value.unitId, failures: report.failures }], edges);
  return { success: false };
}
