import { countOf, isObject, projectOf, textAt, textOf, type Json } from './former';

/**
 * Lifts a control-plane event of the earlier system. `seq` is its position in the log: events were appended, and their
 * clocks and random ids say nothing about order.
 */
export function upcastEvent(value: unknown, seq: number): unknown {
  if (!isObject(value) || 'schemaVersion' in value || textOf(value['entityType']) === null) return value;
  const { entityType, entityId, action, recordedAt, data, lane, runKind, runId, source, actor, id } = value;
  const facts: Json = isObject(data) ? data : {};
  const attempt = countOf(facts['attemptNumber'] ?? facts['attempt'] ?? value['attempt']);
  return {
    schemaVersion: 1,
    seq,
    at: recordedAt,
    wave: projectOf(value),
    agentId: textAt(facts, 'agentId') ?? agentIn(entityId),
    attempt: attempt === 0 ? null : attempt,
    type: `${String(entityType)}.${textOf(action) ?? 'updated'}`,
    data: definite({ ...facts, id, entityId, lane, runKind, runId, source, actor }),
  };
}

/** `wave-3-attempt-1-agent-A2` and `wave-3-agent-A2-request`. */
function agentIn(entityId: unknown): string | null {
  return /(?:^|-)agent-([A-Za-z]{1,3}\d{1,3})(?:-|$)/.exec(textOf(entityId) ?? '')?.[1] ?? null;
}

function definite(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
