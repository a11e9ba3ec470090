import type { WaveRecord } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../model';

/** A record whose id is fixed. */
export type IdentifiedRecord = WaveRecord & { id: string };

/** Gives every record an id: its own, or one made from its author and content, so that equal content has an equal id. */
export function withRecordIds(agentId: string, records: readonly WaveRecord[]): IdentifiedRecord[] {
  return records.map((record) => ({
    ...record,
    id: record.id ?? `${agentId}-${record.kind}-${digestOf(record).slice(0, 12)}`,
  }));
}

/** Kinds that wait for somebody unless they say `blocking: false`. */
const waitingKinds: readonly WaveRecord['kind'][] = [
  'request',
  'blocker',
  'clarification-request',
  'contradiction',
];

/** True when the record holds something up: it waits, says so or is of a waiting kind, and is neither stale nor advisory. */
export function isBlocking(record: WaveRecord): boolean {
  if (record.severity === 'stale' || record.severity === 'advisory') return false;
  return record.blocking ?? waitingKinds.includes(record.kind);
}

/** True when the record is addressed to a person: it says so, or it is a clarification request without any target. */
export function isForPeople(record: WaveRecord): boolean {
  const targets = record.targets ?? [];
  return targets.length === 0 ? record.kind === 'clarification-request' : targets.includes('human');
}

/** Blocking requests and clarification requests to people: what an agent cannot go on without. */
export function questionsForPeople(agent: ResolvedAgent, records: readonly WaveRecord[]): IdentifiedRecord[] {
  return withRecordIds(agent.unitId, records).filter(
    (record) =>
      (record.kind === 'clarification-request' || record.kind === 'request') &&
      isForPeople(record) &&
      isBlocking(record),
  );
}
