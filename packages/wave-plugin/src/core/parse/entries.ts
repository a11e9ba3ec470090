import { quote, type Diagnostics, type Spot } from './diagnostics';
import { nearest } from './nearest';
import { type Section } from './sections';
import { type Source } from './source';

/** One bullet: its text without marker, and where the text starts. */
export interface Entry {
  text: string;
  index: number;
  /** 1-based column of the first character of `text`. */
  column: number;
}

/** `- key: value`, each with its own column. */
export interface Pair {
  key: string;
  value: string;
  index: number;
  keyColumn: number;
  valueColumn: number;
}

/** The bullets of a list section. Blank lines are free, everything else must be a bullet. */
export function readEntries(source: Source, section: Section, diagnostics: Diagnostics): Entry[] {
  const entries: Entry[] = [];
  for (let index = section.from; index < section.to; index += 1) {
    const line = source.lines[index] as string;
    if (line.trim() === '') continue;
    const entry = source.fenced[index] ? null : readBullet(line, index);
    if (entry) {
      if (entry.text === '')
        diagnostics.error('entry-malformed', wholeLine(line, index), {
          message: `An entry of ${quote(section.title)} is empty.`,
          next: 'Fill it in or remove it.',
        });
      else entries.push(entry);
      continue;
    }
    diagnostics.error('entry-malformed', wholeLine(line, index), {
      message: `Every line of ${quote(section.title)} must be an entry that begins with \`- \`.`,
      next: 'Begin the line with `- `, or move the text out of this section.',
    });
  }
  return entries;
}

/** A bullet of any indentation: `- text`, `* text`, `+ text`. */
export function readBullet(line: string, index: number): Entry | null {
  const trimmed = line.trimStart();
  const marker = trimmed[0];
  if (marker !== '-' && marker !== '*' && marker !== '+') return null;
  const rest = trimmed.slice(1);
  if (rest !== '' && rest[0] !== ' ' && rest[0] !== '\t') return null;
  const text = rest.trim();
  const column = line.length - trimmed.length + 1 + (rest.length - rest.trimStart().length) + 1;
  return { text, index, column: text === '' ? line.length - trimmed.length + 1 : column };
}

/** Splits `key: value` entries; an entry without a colon is malformed. */
export function readPairs(entries: readonly Entry[], what: string, diagnostics: Diagnostics): Pair[] {
  const pairs: Pair[] = [];
  for (const entry of entries) {
    const pair = splitPair(entry.text, entry.index, entry.column);
    if (pair) pairs.push(pair);
    else
      diagnostics.error('entry-malformed', entrySpot(entry), {
        message: `${quote(entry.text)} in ${quote(what)} is not \`key: value\`.`,
        next: 'Write `- key: value`.',
      });
  }
  return pairs;
}

export function splitPair(text: string, index: number, column: number): Pair | null {
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  const key = text.slice(0, colon).trimEnd();
  const rest = text.slice(colon + 1);
  const value = rest.trim();
  const valueColumn = column + colon + 1 + (value === '' ? 0 : rest.length - rest.trimStart().length);
  return { key: unwrap(key), value, index, keyColumn: column, valueColumn };
}

/**
 * Keeps the pairs whose key is known, the first of each. Empty values and doubles are errors; an unknown key is an
 * error where it is a slip of a known one, else a warning.
 */
export function knownPairs(
  pairs: readonly Pair[],
  known: readonly string[],
  what: string,
  diagnostics: Diagnostics,
): Map<string, Pair> {
  const byKey = new Map<string, Pair>();
  for (const pair of pairs) {
    if (!known.includes(pair.key)) {
      reportUnknownKey(pair, known, what, diagnostics);
      continue;
    }
    const first = byKey.get(pair.key);
    if (first) {
      diagnostics.error('key-duplicate', keySpot(pair), {
        message: `${quote(pair.key)} stands twice; it was set on line ${first.index + 1}.`,
        next: 'Keep one of the two lines.',
      });
      continue;
    }
    byKey.set(pair.key, pair);
    if (pair.value === '')
      diagnostics.error('value-empty', keySpot(pair), {
        message: `${quote(pair.key)} has no value.`,
        next: 'Write a value after the colon, or remove the line.',
      });
  }
  for (const [key, pair] of byKey) if (pair.value === '') byKey.delete(key);
  return byKey;
}

export function reportUnknownKey(
  pair: Pair,
  known: readonly string[],
  what: string,
  diagnostics: Diagnostics,
): void {
  const meant = nearest(pair.key, known);
  if (meant === null)
    diagnostics.warning('key-unknown', keySpot(pair), {
      message: `Nothing reads ${quote(pair.key)} in ${quote(what)}.`,
      next: 'Remove the line.',
    });
  else
    diagnostics.error('key-misspelled', keySpot(pair), {
      message: `${quote(pair.key)} is no key of ${quote(what)}; ${quote(meant)} is.`,
      next: `Write \`${meant}\`.`,
      facts: { nearest: meant },
    });
}

/** Takes one pair of surrounding backticks or quotes away, if the text has none of them inside. */
export function unwrap(text: string): string {
  const trimmed = text.trim();
  const sign = trimmed[0];
  if (trimmed.length < 2 || (sign !== '`' && sign !== '"' && sign !== "'")) return trimmed;
  if (trimmed[trimmed.length - 1] !== sign || trimmed.slice(1, -1).includes(sign)) return trimmed;
  return trimmed.slice(1, -1).trim();
}

/** Comma-separated words, unwrapped, without empty ones and doubles. */
export function readList(text: string): string[] {
  const words = text.split(',').map((word) => unwrap(word));
  return [...new Set(words.filter((word) => word !== ''))];
}

export function entrySpot(entry: Entry): Spot {
  return { index: entry.index, column: entry.column, length: entry.text.length };
}

export function keySpot(pair: Pair): Spot {
  return { index: pair.index, column: pair.keyColumn, length: pair.key.length };
}

export function valueSpot(pair: Pair): Spot {
  return { index: pair.index, column: pair.valueColumn, length: pair.value.length };
}

export function wholeLine(line: string, index: number): Spot {
  const text = line.trim();
  return { index, column: line.length - line.trimStart().length + 1, length: text.length };
}
