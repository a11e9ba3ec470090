import type { LedgerEntry, WaveRecord } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../model';
import { epochOf } from '../state/ledger';
import type { InboxSource } from './inbox-source';
import { isNamed, sharedIds } from '../result/record-names';
import { recordLine } from './record-line';
import { sharedSummary } from './shared-summary';

export interface InboxInput {
  agent: ResolvedAgent;
  sources: readonly InboxSource[];
  ledger: readonly LedgerEntry[];
}

/**
 * What one agent is told of the others, a line each: what is addressed to it first, then what everybody should know. It is
 * made only of what is in the agent's work key: the upstream verdict, handoffs, and ledger entries addressed to it.
 */
export function compileInbox(input: InboxInput): string[] {
  const { agent, sources, ledger } = input;
  const reassigned = ledger.flatMap((entry) =>
    entry.type === 'request.reassigned' && isName(agent, entry.to) ? [entry.requestId] : [],
  );
  const shared = sharedIds(
    sources.flatMap(({ agentId: by, records }) =>
      records.flatMap(({ id }) => (id === undefined ? [] : { by, id })),
    ),
  );
  const lines = bySource(sources).flatMap(({ agentId, records }) =>
    [...records]
      .sort((a, b) => compare(a.id ?? '', b.id ?? ''))
      .filter(
        (record) =>
          isAddressed(agent, record) ||
          reassigned.some((name) => isNamed(name, { by: agentId, id: record.id ?? '' })),
      )
      .map((record) => recordLine(agentId, record, shared)),
  );
  const carried = retryInbox(agent, ledger, shared).filter((line) => !lines.includes(line));
  return [...carried, ...lines, ...sharedSummary(bySource(sources))];
}

/** Reasons and records that the applied retry plan of the agent's epoch carries to it. */
function retryInbox(
  agent: ResolvedAgent,
  ledger: readonly LedgerEntry[],
  shared: ReadonlySet<string>,
): string[] {
  const epoch = epochOf(ledger, agent);
  const entry = ledger.find((one) => one.type === 'retry.applied' && one.id === epoch);
  if (entry?.type !== 'retry.applied') return [];
  return (entry.inbox ?? [])
    .filter(({ agentId }) => agentId === agent.unitId)
    .flatMap(({ reasons, records }) => [
      ...reasons.map((reason) => `Why you run again: ${reason}`),
      ...records.map(({ by, record }) => recordLine(by, record, shared)),
    ]);
}

function isAddressed(agent: ResolvedAgent, { targets }: WaveRecord): boolean {
  return (targets ?? []).some(
    (target) =>
      isName(agent, target.startsWith('agent:') ? target.slice('agent:'.length) : target) ||
      agent.capabilities.some((capability) => target === `capability:${capability}`),
  );
}

function isName(agent: ResolvedAgent, name: string): boolean {
  return name === agent.agentId || name === agent.unitId;
}

function bySource(sources: readonly InboxSource[]): InboxSource[] {
  const byAgent = new Map(sources.map((source) => [`${source.agentId} ${source.role}`, source]));
  return [...byAgent.values()].sort((a, b) => compare(a.agentId, b.agentId) || compare(a.role, b.role));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
