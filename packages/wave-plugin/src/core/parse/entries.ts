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

/**
 * The bullets of a list section. Blank lines and comments are free, a paragraph of prose is a warning, everything else
 * must be a bullet. In a `strict` section prose cannot be told from an entry, and is an error too.
 */
export function readEntries(
  source: Source,
  section: Section,
  { diagnostics, strict = false }: { diagnostics: Diagnostics; strict?: boolean },
): Entry[] {
  const entries: Entry[] = [];
  let paragraph = false;
  for (let index = section.from; index < section.to; index += 1) {
    const line = source.lines[index] as string;
    if (line.trim() === '' || source.hidden[index]) {
      paragraph = false;
      continue;
    }
    if (source.fenced[index]) {
      if (!source.fenced[index - 1] || index === section.from)
        reportMalformed(section, wholeLine(line, index), diagnostics);
      continue;
    }
    const entry = readBullet(line, index) ?? readNumbered(line, index);
    if (entry) {
      paragraph = false;
      if (entry.text !== '') entries.push(entry);
      else
        diagnostics.error('entry-malformed', wholeLine(line, index), {
          message: `An entry of ${quote(section.title)} is empty.`,
          next: 'Fill it in or remove it.',
        });
    } else if (paragraph) continue;
    else if (!strict && isProse(line)) {
      paragraph = true;
      diagnostics.warning('section-prose', wholeLine(line, index), {
        message: `This text in ${quote(section.title)} is no entry: nothing reads it.`,
        next: 'Move it above the first agent, into a `##` section of its own, or into the prompt.',
      });
    } else reportMalformed(section, wholeLine(line, index), diagnostics);
  }
  return entries;
}

function reportMalformed(section: Section, spot: Spot, diagnostics: Diagnostics): void {
  diagnostics.error('entry-malformed', spot, {
    message: `Every line of ${quote(section.title)} must be an entry that begins with \`- \`.`,
    next: 'Begin the line with `- `, or move the text out of this section.',
  });
}

/** A sentence, and no entry whose bullet was forgotten: those begin small, with a key or hold a `|`. */
function isProse(line: string): boolean {
  const text = line.trim();
  if (text.startsWith('> ')) return true;
  if (!/^[\p{Lu}"'(*_]/u.test(text) || text.includes('|')) return false;
  return text.split(/\s+/, 5).length === 5 && !/^\S{1,60}:(?:\s|$)/.test(text);
}

/** A bullet of any indentation: `- text`, `* text`, `+ text`; a checkbox before the text is no part of it. */
export function readBullet(line: string, index: number): Entry | null {
  const marker = line.trimStart()[0];
  if (marker !== '-' && marker !== '*' && marker !== '+') return null;
  return afterMarker(line, 1, index);
}

/** `1. text` or `1) text`: an entry of a section, but prose in a prompt. */
function readNumbered(line: string, index: number): Entry | null {
  const marker = /^\d{1,4}[.)]/.exec(line.trimStart());
  return marker ? afterMarker(line, marker[0].length, index) : null;
}

const checkbox = /^\[[ xX]\][ \t]+/;

function afterMarker(line: string, length: number, index: number): Entry | null {
  const trimmed = line.trimStart();
  const rest = trimmed.slice(length);
  if (rest !== '' && rest[0] !== ' ' && rest[0] !== '\t') return null;
  const indent = line.length - trimmed.length;
  let text = rest.trim();
  let column = indent + length + (rest.length - rest.trimStart().length) + 1;
  const box = checkbox.exec(text);
  if (box) {
    text = text.slice(box[0].length);
    column += box[0].length;
  }
  text = withoutComments(text);
  return { text, index, column: text === '' ? indent + 1 : column };
}

/** Comments within a line; one that does not end is text. */
function withoutComments(text: string): string {
  return text.includes('<!--') ? text.replace(/<!--(?:(?!-->|<!--)[^])*-->/g, '').trim() : text;
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
  const { key, signs } = keyOf(text.slice(0, colon).trimEnd(), text.slice(colon + 1));
  const rest = text.slice(colon + 1 + signs);
  const value = rest.trim();
  const valueColumn = column + colon + 1 + signs + (value === '' ? 0 : rest.length - rest.trimStart().length);
  return { key, value, index, keyColumn: column, valueColumn };
}

/** The key without backticks, quotes and emphasis; `signs` of the emphasis stand after the colon: `**key:** value`. */
function keyOf(written: string, rest: string): { key: string; signs: number } {
  const emphasis = /^(?:\*{1,3}|_{1,3})(?=[^\s*_])/.exec(written)?.[0] ?? '';
  if (emphasis === '') return { key: unwrap(written), signs: 0 };
  const inner = written.slice(emphasis.length);
  if (inner.endsWith(emphasis)) return { key: unwrap(inner.slice(0, -emphasis.length)), signs: 0 };
  return rest.startsWith(emphasis)
    ? { key: unwrap(inner), signs: emphasis.length }
    : { key: unwrap(written), signs: 0 };
}

/** The keys that a section or an entry may hold, and its name. */
export interface KnownKeys {
  known: readonly string[];
  what: string;
}

/**
 * Keeps the pairs whose key is known, the first of each. Empty values and doubles are errors; an unknown key is an
 * error where it is a slip of a known one, else a warning.
 */
export function knownPairs(
  pairs: readonly Pair[],
  keys: KnownKeys,
  diagnostics: Diagnostics,
): Map<string, Pair> {
  const byKey = new Map<string, Pair>();
  for (const pair of pairs) {
    if (!keys.known.includes(pair.key)) {
      reportUnknownKey(pair, keys, diagnostics);
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

function reportUnknownKey(pair: Pair, { known, what }: KnownKeys, diagnostics: Diagnostics): void {
  const meant = diagnostics.isFull ? null : nearest(pair.key, known);
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
