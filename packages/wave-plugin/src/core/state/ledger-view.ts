import type { LedgerEntry } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../model';
import { amendmentsOf, epochOf, sortLedger } from './ledger';
import type { AgentLedgerView } from '../digest/keys';

/** The part of the ledger that changes what one agent is asked to do: its epoch, and the entries addressed to it. */
export function ledgerView(ledger: readonly LedgerEntry[], agent: ResolvedAgent): AgentLedgerView {
  const entries: AgentLedgerView['entries'] = [];
  for (const entry of sortLedger(ledger)) {
    if (
      entry.type === 'request.answered' &&
      (entry.agentId === agent.agentId || entry.agentId === agent.unitId)
    ) {
      entries.push({
        id: entry.id,
        type: entry.type,
        content: { requestId: entry.requestId, text: entry.text },
      });
    } else if (
      entry.type === 'request.reassigned' &&
      (entry.to === agent.agentId || entry.to === agent.unitId)
    ) {
      entries.push({ id: entry.id, type: entry.type, content: entry.requestId });
    }
  }
  const amendments = amendmentsOf(ledger, agent);
  if (amendments.length > 0) entries.push({ id: '', type: 'ownership.amended', content: amendments });
  return { epoch: epochOf(ledger, agent), entries };
}

/** The paths that a view grants beyond the ownership. */
export function amendedPaths({ entries }: AgentLedgerView): string[] {
  return entries.flatMap(({ type, content }) => (type === 'ownership.amended' ? (content as string[]) : []));
}
