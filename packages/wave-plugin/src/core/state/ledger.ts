import type { LedgerEntry } from '@nx-wave/schemas';
import type { ResolvedAgent, ResolvedWave } from '../model';

/** Entries in the order of their ids, each once. Two branches that wrote the same file have written one entry. */
export function sortLedger(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The landing that stands: not followed by a reopening. A reverted landing commit takes its entry away with it. */
export function standingLanding(
  entries: readonly LedgerEntry[],
): Extract<LedgerEntry, { type: 'wave.landed' }> | null {
  const last = sortLedger(entries).findLast(({ type }) => type === 'wave.landed' || type === 'wave.reopened');
  return last?.type === 'wave.landed' ? last : null;
}

/** True while a landing stands. */
export function isLanded(entries: readonly LedgerEntry[]): boolean {
  return standingLanding(entries) !== null;
}

/** Id of the last entry that took the unit's work back, or null: it was asked to run again, or a proof of it was revoked. */
export function epochOf(entries: readonly LedgerEntry[], unit: Pick<ResolvedAgent, 'unitId'>): string | null {
  const asked = entries.filter(
    (entry) =>
      (entry.type === 'retry.applied' && entry.agents.includes(unit.unitId)) ||
      (entry.type === 'bundle.revoked' && entry.agentId === unit.unitId),
  );
  return (
    asked
      .map(({ id }) => id)
      .sort()
      .at(-1) ?? null
  );
}

/** Paths granted to an agent beyond its ownership, sorted, each once. */
export function amendmentsOf(
  entries: readonly LedgerEntry[],
  unit: Pick<ResolvedAgent, 'unitId' | 'agentId'>,
): string[] {
  const granted = entries.flatMap((entry) =>
    entry.type === 'ownership.amended' && (entry.agentId === unit.agentId || entry.agentId === unit.unitId)
      ? entry.paths
      : [],
  );
  return [...new Set(granted)].sort();
}

/** Digests of proofs that a person has revoked: nothing builds on them any more. */
export function revokedProofs(entries: readonly LedgerEntry[]): Set<string> {
  return new Set(entries.flatMap((entry) => (entry.type === 'bundle.revoked' ? [entry.proofDigest] : [])));
}

/** Who waived a finding and why, or null. A waiver without an agent waives the code for every agent. */
export function waiverOf(
  entries: readonly LedgerEntry[],
  { code, agentIds }: { code: string; agentIds: readonly string[] },
): string | null {
  for (const entry of entries) {
    if (entry.type !== 'gate.waived' || entry.code !== code) continue;
    if (entry.agentId === null || agentIds.includes(entry.agentId)) return `${entry.by}: ${entry.reason}`;
  }
  return null;
}

/**
 * The slice of a person that stands for an agent: the last one that was adopted for these keys, unless its proof was
 * revoked. `resultDigest` is null in entries of earlier versions, which do not say for which keys they were made.
 */
export function adoptionOf(
  entries: readonly LedgerEntry[],
  { unitId, workKey }: { unitId: string; workKey: string },
): { resultDigest: string | null } | null {
  const revoked = revokedProofs(entries);
  const last = sortLedger(entries).findLast(
    (entry) =>
      entry.type === 'slice.adopted' &&
      entry.agentId === unitId &&
      !revoked.has(entry.proofDigest) &&
      (entry.workKey ?? workKey) === workKey,
  );
  return last?.type === 'slice.adopted' ? { resultDigest: last.resultDigest ?? null } : null;
}

/**
 * The wave with the executor changes of applied retry plans: the last change of a unit counts, and only along its own
 * fallbacks. An override of the whole run (`--executor`) stays above them.
 */
export function withExecutorChanges(wave: ResolvedWave, entries: readonly LedgerEntry[]): ResolvedWave {
  const changes = sortLedger(entries).flatMap((entry) =>
    entry.type === 'retry.applied' ? entry.executorChanges : [],
  );
  if (changes.length === 0) return wave;
  return { ...wave, agents: wave.agents.map((unit) => withChange(unit, changes)) };
}

function withChange(unit: ResolvedAgent, changes: { agentId: string; to: string }[]): ResolvedAgent {
  const { executor } = unit;
  const to = changes.filter(({ agentId }) => agentId === unit.unitId).at(-1)?.to;
  if (to === undefined || to === executor.id || executor.selectedBy === 'override') return unit;
  if (executor.retryPolicy === 'sticky' || !executor.fallbacks.includes(to)) return unit;
  return { ...unit, executor: { ...executor, id: to, model: null, selectedBy: 'retry-fallback' } };
}
