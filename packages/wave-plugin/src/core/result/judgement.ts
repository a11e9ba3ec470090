import type { ResultEnvelope } from '@nx-wave/schemas';
import type { JsonValue } from '@nx-wave/schemas/plain';

/** Members that only explain: a reworded explanation is not another result. */
const prose = new Set(['detail', 'note', 'notes', 'summary']);

/**
 * What a gate judges of an envelope: its payload sections by role name, without prose, plus the blockers that block.
 * Part of the result digest, so it holds no clock, attempt or usage.
 */
export function judgementOf(envelope: ResultEnvelope): Record<string, JsonValue> {
  const sections = ['proof', envelope.role, 'implementation'] as const;
  const judgement: Record<string, JsonValue> = {};
  for (const section of sections) {
    const payload = envelope[section];
    if (payload !== undefined) judgement[section] = withoutProse(payload as JsonValue);
  }
  const blockers = envelope.unresolvedBlockers.filter(({ blocking }) => blocking).map(({ kind }) => kind);
  if (blockers.length > 0) judgement['blockers'] = blockers.sort();
  return judgement;
}

function withoutProse(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key, member]) => !prose.has(key) && member !== undefined);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutProse(member)]));
}
