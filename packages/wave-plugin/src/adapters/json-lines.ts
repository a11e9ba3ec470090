import { isObject } from './options';
import { plainText, startOf } from './plain-reader';
import { believableWaitMs } from './service-status';

/** One event of a program that prints JSON line by line; null for anything else. */
export function parseEvent(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
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
