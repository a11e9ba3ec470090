import type { ControlPlaneEvent } from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { parseJson } from '../parse-json';

/** What a log of events holds, and how many of its lines could not be read. */
export interface EventLog {
  events: ControlPlaneEvent[];
  /** Lines that are no event; a crash may tear the last one. */
  skippedLines: number;
}

/** Reads a log of JSON lines. A line that is torn or no event is skipped: a log is an observation and never stops a wave. */
export function parseEventLog(text: string): EventLog {
  const events: ControlPlaneEvent[] = [];
  let skippedLines = 0;
  for (const line of text.split('\n')) {
    const said = line.trim();
    if (said === '') continue;
    // Only an object is an event, and what JSON throws at anything else costs fifty times what it costs to look.
    const value = said.startsWith('{') && said.endsWith('}') ? parseJson(line) : undefined;
    if (isEvent(value)) events.push(value);
    else skippedLines += 1;
  }
  return { events, skippedLines };
}

/** The shape that the fold relies on, checked by hand: a type that nobody knows yet is still an event. */
function isEvent(value: unknown): value is ControlPlaneEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, wave, agentId, attempt, type, at, data } = value as Record<string, unknown>;
  return (
    typeof seq === 'number' &&
    typeof wave === 'string' &&
    typeof type === 'string' &&
    typeof at === 'string' &&
    typeof data === 'object' &&
    data !== null &&
    (agentId === null || typeof agentId === 'string') &&
    (attempt === null || (typeof attempt === 'number' && Number.isInteger(attempt) && attempt > 0))
  );
}

/** How far an attempt has come, as its events tell. Later words win over earlier ones, whatever order they arrive in. */
const progressOf: Readonly<Record<string, number>> = {
  'attempt.started': 1,
  'slice.collected': 2,
  'slice.refused': 3,
  'slice.proven': 4,
};

export interface ObservedAttempt {
  unitId: string;
  attempt: number;
  workKey: string | null;
  /** `started` and `collected` may have been cut off; the other two are final. */
  progress: 'started' | 'collected' | 'refused' | 'proven';
}

const words = ['started', 'collected', 'refused', 'proven'] as const;

/**
 * Folds events into attempts. The same event twice (from the log and from a bundle) counts once, unknown types count for
 * nothing, and the order in which events of different attempts arrive makes no difference.
 */
export function foldEvents(events: readonly ControlPlaneEvent[], wave: string): ObservedAttempt[] {
  const attempts = new Map<
    string,
    { unitId: string; attempt: number; rank: number; workKeys: Set<string> }
  >();
  for (const event of events) {
    const rank = Object.hasOwn(progressOf, event.type) ? progressOf[event.type] : undefined;
    if (rank === undefined || event.wave !== wave || event.agentId === null || event.attempt === null)
      continue;
    const key = canonicalJson([event.agentId, event.attempt]);
    const known = attempts.get(key) ?? {
      unitId: event.agentId,
      attempt: event.attempt,
      rank: 0,
      workKeys: new Set(),
    };
    known.rank = Math.max(known.rank, rank);
    const workKey = event.data['workKey'];
    if (typeof workKey === 'string') known.workKeys.add(workKey);
    attempts.set(key, known);
  }
  return [...attempts.values()]
    .map(({ unitId, attempt, rank, workKeys }) => ({
      unitId,
      attempt,
      workKey: [...workKeys].sort().at(-1) ?? null,
      progress: words[rank - 1] ?? 'started',
    }))
    .sort((a, b) => (a.unitId === b.unitId ? a.attempt - b.attempt : a.unitId < b.unitId ? -1 : 1));
}
