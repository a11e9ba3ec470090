import type { LedgerEntry } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../model';
import type { AgentLedgerView } from './keys';

type LandedEntry = Extract<LedgerEntry, { type: 'wave.landed' }>;

/** The landing that stands: not followed by a reopening. A reverted landing commit takes its entry away with it. */
export function standingLanding(ledger: readonly LedgerEntry[]): LandedEntry | null {
  let landed: LandedEntry | null = null;
  for (const entry of ledger) {
    if (entry.type === 'wave.landed') landed = entry;
    else if (entry.type === 'wave.reopened') landed = null;
  }
  return landed;
}

/** The part of the ledger that changes what one agent is asked to do. Entries come in id order. */
export function ledgerView(ledger: readonly LedgerEntry[], agent: ResolvedAgent): AgentLedgerView {
  let epoch: string | null = null;
  const entries: AgentLedgerView['entries'] = [];
  for (const entry of ledger) {
    if (entry.type === 'retry.applied' && entry.agents.includes(agent.unitId)) {
      epoch = entry.id;
    } else if (entry.type === 'request.answered' && entry.agentId === agent.agentId) {
      entries.push({ id: entry.id, type: entry.type, content: { requestId: entry.requestId, text: entry.text } });
    } else if (entry.type === 'ownership.amended' && entry.agentId === agent.agentId) {
      entries.push({ id: entry.id, type: entry.type, content: entry.paths });
    } else if (entry.type === 'request.reassigned' && entry.to === agent.agentId) {
      entries.push({ id: entry.id, type: entry.type, content: entry.requestId });
    }
  }
  return { epoch, entries };
}
