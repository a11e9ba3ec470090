import type { Closure } from '@nx-wave/schemas';
import { alignTable } from '../../core/views/table';
import type { Session } from '../session/session';

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
