import { join } from 'node:path';
import { stages } from '@nx-wave/schemas/plain';
import { createCancellation } from '../edges/processes/cancellation';
import { runAgent } from '../engine/agent/run-agent';
import { findAgent, openSession } from '../engine/session/session';
import { runGate } from '../engine/stages/run-gate';
import { rigEdges, rigWave } from './rig';

/**
 * Runs the task of an agent of a rig, or the gate of a stage, as a process of its own: `agent-process <folder of the rig>
 * <agent or stage> <workspace>`; the workspace is a folder of the rig's. Prints its lines.
 */
async function runAgentProcess(dir: string, unitId: string, workspace: string): Promise<void> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const edges = rigEdges(dir, env, {
    print: (line) => void process.stdout.write(`${line}\n`),
    signal: createCancellation(process),
  });
  const session = await openSession({ workspaceRoot: join(dir, workspace), wavePath: rigWave }, edges);
  if (!session.ok) throw new Error(session.error[0]?.message);
  const stage = stages.find((one) => one === unitId);
  if (stage !== undefined) return void (await runGate(session.value, stage));
  const agent = findAgent(session.value.wave, unitId);
  if (!agent.ok) throw new Error(agent.error.message);
  const report = await runAgent(session.value, agent.value);
  process.stdout.write(`${report.state}\n`);
}

void runAgentProcess(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4] ?? 'user');
