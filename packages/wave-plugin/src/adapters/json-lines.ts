import { parseAnswer, parseJson } from '../core/parse-json';
import { type ProgressLine, type StreamReader } from './adapter';
import { isObject } from './options';
import { plainText, startOf } from './plain-reader';
import { believableWaitMs } from './service-status';

/** An event of a program that prints JSON: an object that says what it is. */
export type StreamEvent = Record<string, unknown> & { type: string };

const escape = String.fromCharCode(27);
const bell = String.fromCharCode(7);
/** Window titles and links up to their end, then colours, cursor moves, paste marks, and what else has one letter. */
const steering = new RegExp(
  `${escape}\\](?:(?!\\{")[^${bell}${escape}\\r])*(?:${bell}|${escape}\\\\)|${escape}\\[[0-?]*[ -/]*[@-~]|${escape}[ -/]*[0-z]`,
  'g',
);

/**
 * The events of a line, wherever they stand in it: behind a prompt, a spinner or a paste mark, before a farewell, several
 * in a row. What stands inside of an event is none, and neither is what begins and never ends: a miss is better than a
 * claim that nobody made. Each character is looked at once.
 */
export function eventsIn(line: string): StreamEvent[] {
  if (!line.includes('{')) return [];
  const whole = parseEvent(line);
  if (whole !== null) return isEvent(whole) ? [whole] : [];
  // Neither an escape nor a carriage return can stand in JSON text as it is: they are in no event, and break none.
  return line.replace(steering, '').split('\r').flatMap(eventsBetweenReturns);
}

/** Whether an object may begin in a line: it is then read as it is, for a placeholder might break it. */
export function mayHoldEvents(line: string): boolean {
  return /\{\s*"/.test(line);
}

function isEvent(value: Record<string, unknown>): value is StreamEvent {
  return typeof value.type === 'string';
}

const objectStart = /\{\s*"/g;

function eventsBetweenReturns(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  objectStart.lastIndex = 0;
  for (let found = objectStart.exec(text); found !== null; found = objectStart.exec(text)) {
    const end = endOfObject(text, found.index);
    if (end === -1) break;
    const value = parseEvent(text.slice(found.index, end));
    if (value !== null && isEvent(value)) events.push(value);
    objectStart.lastIndex = end;
  }
  return events;
}

/** Where the object that begins at `from` has ended; -1 where it never does. */
function endOfObject(text: string, from: number): number {
  const sign = /["{}\\]/g;
  sign.lastIndex = from;
  let depth = 0;
  let quoted = false;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    if (found[0] === '\\') sign.lastIndex += quoted ? 1 : 0;
    else if (found[0] === '"') quoted = !quoted;
    else if (!quoted) {
      depth += found[0] === '{' ? 1 : -1;
      if (depth === 0) return sign.lastIndex;
    }
  }
  return -1;
}

/**
 * What every reader of events does with a line: events of standard output, wherever they stand, go to `onEvent`; a line
 * without one is words, trimmed and never empty.
 */
export function readEvents(handlers: {
  onEvent(event: StreamEvent): ProgressLine[];
  onWords(words: string): ProgressLine[];
}): StreamReader['read'] {
  return (line, stream) => {
    const events = stream === 'stdout' ? eventsIn(line) : [];
    if (events.length > 0) return events.flatMap(handlers.onEvent);
    const words = startOf(line.trim());
    return words === '' ? [] : handlers.onWords(words);
  };
}

/** An answer that is one JSON object, alone, after a byte order mark or in a code fence; null for anything else. */
export function objectAnswer(text: string): Record<string, unknown> | null {
  const value = parseAnswer(text);
  return isObject(value) ? value : null;
}

/** A text that is one JSON object from its first sign to its last; null for anything else. */
export function parseEvent(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  const value = parseJson(line);
  return isObject(value) ? value : null;
}

/** Walks into a value by keys; undefined as soon as there is no such key. */
export function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

/** A text, where there is one; of megabytes the start. */
export function textAt(value: unknown, ...keys: string[]): string {
  return startOf(wholeTextAt(value, ...keys));
}

/** For what is read as a whole, an answer in JSON. */
export function wholeTextAt(value: unknown, ...keys: string[]): string {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : '';
}

/** More tokens than any run has: what is above is no count, and must not break what counts are written to. */
const mostTokens = 1e12;
const mostMoney = 1e9;

export function countAt(value: unknown, ...keys: string[]): number {
  const found = at(value, ...keys);
  return typeof found === 'number' && found > 0 && found <= mostTokens ? Math.round(found) : 0;
}

/** US dollars; null where there is no believable amount. */
export function moneyAt(value: unknown, ...keys: string[]): number | null {
  const found = at(value, ...keys);
  return typeof found === 'number' && found >= 0 && found <= mostMoney ? found : null;
}

export function listAt(value: unknown, ...keys: string[]): unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The texts of a list; a program's own objects may not even be turned into text. */
export function textsAt(value: unknown, ...keys: string[]): string[] {
  return listAt(value, ...keys)
    .filter((item) => typeof item === 'string')
    .map(startOf);
}

/** Milliseconds of a `retry-after` header: seconds; null when it is absent or a date. */
export function retryAfterMs(header: unknown): number | null {
  const isNumber = typeof header === 'number' || (typeof header === 'string' && /^[\d.]+$/.test(header));
  return isNumber ? believableWaitMs(Number(header) * 1_000) : null;
}

/** A path below a folder, without the folder: what people recognise. */
export function shortPath(path: string): string {
  const plain = plainText(path);
  const segments = plain.split('/').filter((segment) => segment !== '');
  return segments.length <= 3 ? plain : `…/${segments.slice(-3).join('/')}`;
}
