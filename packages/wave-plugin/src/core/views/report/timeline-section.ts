import type { ControlPlaneEvent } from '@nx-wave/schemas';
import { describeDuration } from '../../duration';
import { section, type Bar, type ReportBlock } from './block';
import { attemptsInOrder, type ReportedAttempt, type ReportInput } from './report-input';

/** Who worked, waited and was checked when, by the events of each attempt. */
export function timelineSection(input: ReportInput): ReportBlock[] {
  const rows = attemptsInOrder(input).flatMap((attempt) => {
    const bars = barsOf(attempt);
    const { agentId, attempt: number } = attempt.predicate;
    const [first] = bars;
    if (first === undefined) return [];
    const words = `${clockTime(first.fromMs)}, ${bars.map(({ kind, fromMs, toMs }) => `${kind} ${describeDuration(toMs - fromMs)}`).join(', ')}`;
    return [{ label: `${agentId} attempt ${number}`, words, bars }];
  });
  return section('Timeline', { kind: 'timeline', rows });
}

/** What an attempt was at, one after the other. Events of an attempt that was only verified again make one bar. */
function barsOf({ events }: ReportedAttempt): Bar[] {
  const timed = events
    .map((event) => ({ event, ms: Date.parse(event.at) }))
    .filter(({ ms }) => Number.isFinite(ms))
    .sort((a, b) => a.event.seq - b.event.seq);
  const bars: Bar[] = [];
  for (const [at, { event, ms }] of timed.entries()) {
    const next = timed[at + 1]?.ms;
    const kind = kindAfter(event);
    if (next === undefined || next < ms || kind === null) continue;
    const last = bars.at(-1);
    if (last?.kind === kind) last.toMs = next;
    else bars.push({ kind, fromMs: ms, toMs: next });
  }
  return bars;
}

/** What goes on after an event, until the next one. */
function kindAfter({ type }: ControlPlaneEvent): Bar['kind'] | null {
  if (type === 'attempt.started') return 'preparing';
  if (type === 'program.waiting') return 'waiting';
  if (type === 'program.started') return 'working';
  return /^(attempt\.|program\.|slice\.|proof\.|envelope\.)/.test(type) ? 'checking' : null;
}

function clockTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
