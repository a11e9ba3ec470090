import type { Usage } from '@nx-wave/schemas';
import { count } from '../count';
import { describeDuration } from '../duration';
import { describeSpending, type Spending, type WaveBudget } from '../spending';
import { describeMoney, describeTokens } from '../usage';
import type { UnitState } from '../state/wave-state';
import { oneLine } from '../terminal-text';
import type { LiveNote } from './live-note';
import type { Standing } from './next-command';
import { outcomeLine } from './outcome';
import type { Span, Tone } from './report/block';
import { unitTones } from './unit-tones';
import { describePhase, describeUnitStatus } from './status';
import { cutTo, padTo } from './width';

/** What is stored of a wave while it runs. */
export interface WatchInput extends Standing {
  /** What attempts tell of themselves; at most one for each unit. */
  notes: readonly LiveNote[];
  /** What each unit has used over its attempts that have ended, by unit id. */
  used: Readonly<Record<string, { usage: Usage | null; runningMs: number | null }>>;
  spending: Spending;
  budget: WaveBudget;
  /** Takes the values of secrets out, before anything is cut. */
  redact(text: string): string;
}

/** One agent at one moment. */
export interface WatchRow {
  unitId: string;
  /** `working`, `waits`, `proven`. */
  state: string;
  tone: Tone | null;
  /** How long it has been at this, or how long its last attempt took. Milliseconds; null where nothing ran. */
  elapsedMs: number | null;
  turns: number | null;
  usage: Usage | null;
  /** What it did last, what it waits for, or why it is not proven. */
  last: string;
  /** When it told that; null where that means nothing. */
  lastAtMs: number | null;
}

const phaseWords: Record<LiveNote['phase'], string> = {
  preparing: 'preparing',
  working: 'working',
  waiting: 'waits',
  checking: 'checking',
  ended: 'ending',
};

/** Every agent in wave order. `nowMs`: milliseconds since 1970, the clock of whoever watches. */
export function watchRows({ state, notes, used, redact }: WatchInput, nowMs: number): WatchRow[] {
  return state.units.map((unit) => {
    const note = notes.find(({ unitId }) => unitId === unit.unitId);
    const isRunning = unit.status === 'running' && note !== undefined && note.phase !== 'ended';
    const row = isRunning ? runningRow(unit, note, nowMs) : restingRow(unit, note, used[unit.unitId]);
    return { ...row, last: oneLine(redact(row.last)).trim() };
  });
}

function runningRow(unit: UnitState, note: LiveNote, nowMs: number): WatchRow {
  const { last, waiting, phase, turns, usage } = note;
  return {
    unitId: unit.unitId,
    state: phaseWords[phase],
    tone: 'waiting',
    elapsedMs: Math.max(0, nowMs - Date.parse(note.startedAt)),
    turns,
    usage,
    last: waiting === null ? (last?.text ?? '') : describeWait(waiting, nowMs),
    lastAtMs: waiting === null ? (last === null ? null : Date.parse(last.at)) : Date.parse(waiting.since),
  };
}

/** `rate limit, again in 3 min`. */
function describeWait({ reason, until }: NonNullable<LiveNote['waiting']>, nowMs: number): string {
  const leftMs = until === null ? 0 : Date.parse(until) - nowMs;
  return leftMs > 0 ? `${reason}; again in ${describeDuration(leftMs)}` : reason;
}

/** What is stored of an agent that does not run: its proof, or why there is none. */
function restingRow(
  unit: UnitState,
  note: LiveNote | undefined,
  used: { usage: Usage | null; runningMs: number | null } | undefined,
): WatchRow {
  const [failure] = unit.failures;
  const isOfLast = note !== undefined && note.attempt === unit.lastAttempt && note.phase === 'ended';
  return {
    unitId: unit.unitId,
    state: describeUnitStatus(unit.status),
    tone: unitTones[unit.status] ?? null,
    elapsedMs: isOfLast ? Date.parse(note.at) - Date.parse(note.startedAt) : (used?.runningMs ?? null),
    turns: isOfLast ? note.turns : null,
    usage: used?.usage ?? null,
    last: unit.proof?.proofBundleId ?? (failure === undefined ? '' : `${failure.code}: ${failure.message}`),
    lastAtMs: null,
  };
}

/** What is behind each other: of a row the words beside its agent, as one line for people who hear it. */
export function rowWords(row: WatchRow): string {
  const { usage, turns, elapsedMs } = row;
  const tokens = usage === null ? null : usage.inputTokens + usage.outputTokens;
  const parts = [
    elapsedMs === null ? row.state : `${row.state}, ${describeDuration(elapsedMs)}`,
    ...(turns === null ? [] : [count(turns, 'turn')]),
    ...(tokens === null ? [] : [`${describeTokens(tokens)} tokens`]),
    ...(usage === null ? [] : [describeMoney(usage)]),
  ];
  return `${row.unitId}: ${parts.join(', ')}${row.last === '' ? '' : `; ${row.last}`}`;
}

const head = ['agent', 'state', 'elapsed', 'turns', 'tokens', 'cost', 'last'];
/** Columns with amounts stand at the right. */
const atRight = [false, false, true, true, true, true, false];
const longestId = 14;

/**
 * The wave as a table that fits a window: no line is wider than `width`, and no more than `height` lines stand below each other;
 * those who work and those who failed come first where not all have room. Pure: equal input gives equal lines.
 */
export function watchTable(
  input: WatchInput,
  { nowMs, width, height = Infinity }: { nowMs: number; width: number; height?: number },
): Span[][] {
  const rows = watchRows(input, nowMs);
  const foot = footLines(input);
  const room = Math.max(3, height - foot.length - 3);
  const shown = rows.length <= room ? rows : mostWanted(rows).slice(0, room - 1);
  const cells = shown.map(cellsOf);
  const widths = head
    .slice(0, -1)
    .map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.text.length ?? 0)));
  const line = (row: readonly Span[]): Span[] => {
    const left = widths.flatMap((size, column): Span[] => {
      const span = row[column] ?? { text: '' };
      return [{ ...span, text: padTo(span.text, size, atRight[column] === true) }, { text: '  ' }];
    });
    const used = left.reduce((sum, { text }) => sum + text.length, 0);
    return [...left, { text: cutTo(row.at(-1)?.text ?? '', Math.max(0, width - used)) }];
  };
  const hidden = rows.length - shown.length;
  return [
    [{ text: cutTo(headLine(input), width) }],
    [],
    line(head.map((text) => ({ text }))),
    ...cells.map(line),
    ...(hidden === 0 ? [] : [[{ text: cutTo(`and ${hidden} more`, width) }]]),
    ...foot.map((text) => [{ text: cutTo(text, width) }]),
  ];
}

/** `wave-3 is in the implementation stage: 2 of 6 proven`. */
function headLine({ state }: WatchInput): string {
  const proven = state.units.filter(({ status }) => status === 'proven').length;
  return `${describePhase(state)}: ${proven} of ${count(state.units.length, 'agent')} proven`;
}

/** A next command only where nobody is at work: it would be the one that runs. */
function footLines({ spending, budget, closure, state }: WatchInput): string[] {
  const isAtWork = state.units.some(({ status }) => status === 'running');
  return [
    '',
    ...(spending.runningMs > 0 ? [`Used: ${describeSpending(spending, budget)}`] : []),
    ...(closure.next === null || isAtWork ? [] : [`Next: ${closure.next}`]),
  ];
}

/** Whoever works, then whoever failed or asks, then the rest: each in wave order. */
function mostWanted(rows: readonly WatchRow[]): WatchRow[] {
  const rank = ({ lastAtMs, tone }: WatchRow) =>
    lastAtMs !== null || tone === 'waiting' ? 0 : tone === 'bad' ? 1 : 2;
  return [...rows].sort((a, b) => rank(a) - rank(b));
}

function cellsOf(row: WatchRow): Span[] {
  const { unitId, state, tone, elapsedMs, turns, usage, last } = row;
  return [
    { text: cutTo(unitId, longestId) },
    { text: state, ...(tone === null ? {} : { tone }) },
    { text: elapsedMs === null ? '-' : describeDuration(elapsedMs) },
    { text: turns === null ? '-' : String(turns) },
    { text: usage === null ? '-' : describeTokens(usage.inputTokens + usage.outputTokens) },
    { text: usage === null ? '-' : moneyCell(usage) },
    { text: last },
  ];
}

/** Short, and still honest: `~` stands for estimated, `?` for unknown. */
function moneyCell(usage: Usage): string {
  if (usage.usd === null) return '?';
  return `${usage.estimated ? '~' : ''}$${usage.usd.toFixed(2)}`;
}

/** So often an agent that works has a line, whether it did anything or not. */
const silentMs = 60_000;

/** What has been said of each agent, and when. */
export type Told = Readonly<Record<string, { state: string; last: string; atMs: number }>>;

/**
 * The wave as lines that follow each other, for logs and screen readers: nothing is drawn twice. Says what is new since `told`,
 * and each minute how far everybody is who works.
 */
export function watchNews(
  input: WatchInput,
  { nowMs, told }: { nowMs: number; told: Told | null },
): { lines: string[]; told: Told } {
  const rows = watchRows(input, nowMs);
  const isNews = (row: WatchRow): boolean => {
    const before = told?.[row.unitId];
    if (before === undefined || before.state !== row.state) return true;
    const isAtWork = row.lastAtMs !== null || row.tone === 'waiting';
    return isAtWork && nowMs - before.atMs >= silentMs;
  };
  const news = rows.filter(isNews);
  return {
    lines: [...(told === null ? [headLine(input)] : []), ...news.map(rowWords)],
    told: Object.fromEntries(
      rows.map((row) => {
        const { unitId, state, last } = row;
        const before = told?.[unitId];
        return [unitId, { state, last, atMs: news.includes(row) ? nowMs : (before?.atMs ?? nowMs) }];
      }),
    ),
  };
}

/** Everybody who has run, for the last words of a task that failed: what it did last stands with its reasons already. */
export function ranLines(input: WatchInput, nowMs: number): string[] {
  return watchRows(input, nowMs)
    .filter(({ elapsedMs }) => elapsedMs !== null)
    .map((row) => rowWords({ ...row, last: row.lastAtMs === null ? '' : row.last }));
}

/** How a watch ends: where the wave stands, and, where no table has said it, what moves it on. */
export function watchEnd(input: WatchInput, { isDrawn }: { isDrawn: boolean }): string[] {
  const { next } = input.closure;
  return [...(next === null || isDrawn ? [] : [`next: ${next}`]), outcomeLine(input)];
}
