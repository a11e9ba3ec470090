import type { LedgerEntry } from '@nx-wave/schemas';
import { count } from '../../count';
import { part, plain, type ReportBlock, type Span } from './block';

/** What people, and plans that they applied, have decided: the ledger, oldest first. */
export function decisionsPart(ledger: readonly LedgerEntry[]): ReportBlock[] {
  const rows = [...ledger]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((entry): Span[] => [
      plain(entry.recordedAt),
      plain(describeEntry(entry)),
      plain(entry.by),
      plain(entry.reason),
    ]);
  return part('Decisions', { kind: 'table', head: ['when', 'what', 'by', 'reason'], rows });
}

function describeEntry(entry: LedgerEntry): string {
  switch (entry.type) {
    case 'wave.landed':
      return `landed ${count(entry.changes.length, 'path')}`;
    case 'wave.reopened':
      return 'reopened';
    case 'retry.applied': {
      const switches = entry.executorChanges.map(
        ({ agentId, from, to }) => `${agentId} from ${from} to ${to}`,
      );
      return [
        `${entry.agents.join(', ')} to run again`,
        ...(entry.fresh ? ['from the base'] : []),
        ...switches,
      ].join('; ');
    }
    case 'request.answered':
      return `answered ${entry.requestId} of ${entry.agentId}: ${entry.text}`;
    case 'gate.waived':
      return `waived ${entry.code}${entry.agentId === null ? '' : ` for ${entry.agentId}`}${entry.until === undefined ? '' : ` until ${entry.until}`}`;
    case 'ownership.amended':
      return `${entry.agentId} may also change ${entry.paths.join(', ')}`;
    case 'contradiction.resolved':
      return `resolved ${entry.contradictionId} (${entry.kind})`;
    case 'request.reassigned':
      return `gave ${entry.requestId} to ${entry.to}`;
    case 'bundle.revoked':
      return `revoked a proof of ${entry.agentId}`;
    case 'slice.adopted':
      return `adopted a change as the slice of ${entry.agentId}`;
  }
}
