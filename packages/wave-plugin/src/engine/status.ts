import type { Closure } from '@nx-wave/schemas';
import { canonicalJson, type Result } from '@nx-wave/schemas/plain';
import { alignTable } from '../core/views/table';
import { writeDurable } from '../edges/files/file-edge';
import type { Session } from './session';

/** `status/wave-<n>.json`: a projection for people and programs, never read back. */
export async function writeStatus(session: Session, closure: Closure): Promise<Result<void>> {
  return writeDurable(session.at(session.paths.status), `${canonicalJson(closure)}\n`);
}

/** The wave as a table, one row per agent. */
export function statusTable(session: Session, closure: Closure): string[] {
  const rows = closure.agents.map((agent) => {
    const unit = session.wave.agents.find(({ unitId }) => unitId === agent.agentId);
    return [
      agent.agentId,
      agent.role,
      unit?.executor.id ?? '',
      agent.state,
      agent.proofBundleId ?? (closure.landed ? 'landed' : '-'),
    ];
  });
  return alignTable([['agent', 'role', 'executor', 'state', 'proof'], ...rows]);
}
