import { type SecretFinder } from './secret-finder';
import { secretForms } from './secret-forms';
import { isSecretVariable, secretPatterns, type SecretPattern } from './secret-patterns';

export const placeholder = '[redacted]';
/** The longest secret that is kept whole when a line is too long to be held; longer key blocks are cut away. */
const longestSecret = 8_192;
/** A key block ends by then, or it was no key block. */
const longestKeyBlockLines = 200;

/** No envelope and no answer is nested like this; what is would outlast the stack. */
const deepestValue = 200;
/** So much of a text is looked at where only its first line or so will be shown. */
const glance = 4 * longestSecret;

const keyBlockStart = /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/;
const keyBlockEnd = /-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/;

/** What the configuration of a workspace adds to the rules. */
export interface SecretRules {
  /** Names of variables whose values are secret whatever they are called. */
  names: readonly string[];
  finders: readonly SecretFinder[];
}

export const noSecretRules: SecretRules = { names: [], finders: [] };

export interface RedactorOptions extends Partial<SecretRules> {
  /** Values of secret-looking names in here are hidden wherever they appear. */
  env: Readonly<Record<string, string | undefined>>;
  /** False hides known values and what the configuration names, and nothing by its form alone. Default: true. */
  byForm?: boolean;
}

/** The one funnel in front of terminal and disk. */
export interface Redactor {
  /** For a text that is complete in itself. */
  redact(text: string): string;
  /** The start of a text of any length, cut where no secret is split. For what is shortened afterwards. */
  redactStart(text: string): string;
  /** Every string in a JSON value, names included. */
  redactValue(value: unknown): unknown;
  /** For the lines of one stream, in order: a key block that spans lines is remembered. */
  createLineRedactor(): (line: string) => string;
  /** The greatest index not above `limit` at which a text that goes on may be cut without splitting a secret. */
  safeCut(text: string, limit: number): number;
}

export function createRedactor(options: RedactorOptions): Redactor {
  const { env, names = [], finders = [], byForm = true } = options;
  const named = new Set(names);
  const values = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && isSecretVariable(name, named) ? secretForms(value) : [],
  );
  const all: SecretFinder[] = [
    ...finders,
    ...(values.length === 0 ? [] : [findValues(values)]),
    ...(byForm ? secretPatterns.map(findByForm) : []),
  ];
  // Every finder sees the text as it is: what one hides must not keep another from its own part.
  const find: SecretFinder = (text) => all.flatMap((one) => one(text)).sort((a, b) => a.start - b.start);
  const redact = (text: string): string => hideRanges(text, find(text));

  const safeCut = (text: string, limit: number): number => {
    let cut = Math.max(0, Math.min(text.length, limit) - longestSecret);
    // From the last to the first: what reaches over the cut moves it to where it starts.
    for (const { start, end } of find(text).reverse()) if (start < cut && end > cut) cut = start;
    return cut;
  };

  return {
    redact,
    redactStart: (text) => {
      if (text.length <= glance) return redact(text);
      const seen = text.slice(0, glance);
      return redact(seen.slice(0, safeCut(seen, glance)));
    },
    redactValue: (value) => mapStrings(value, redact),
    createLineRedactor: () => (byForm ? createLineRedactor(redact) : redact),
    safeCut,
  };
}

function findValues(values: readonly string[]): SecretFinder {
  const longestFirst = [...new Set(values)].sort((a, b) => b.length - a.length);
  const expression = new RegExp(longestFirst.join('|'), 'g');
  return (text) => findAll(text, expression);
}

function findByForm({ hints, source }: SecretPattern): SecretFinder {
  const expression = new RegExp(source, 'g');
  const mayHold =
    hints instanceof RegExp
      ? (text: string) => hints.test(text)
      : (text: string) => hints.some((hint) => text.includes(hint));
  return (text) => (mayHold(text) ? findAll(text, expression) : []);
}

/** Megabytes of one secret-looking word are more than the engine can hold: what cannot be searched is hidden. */
function findAll(text: string, expression: RegExp): { start: number; end: number }[] {
  try {
    return [...text.matchAll(expression)].map(({ index, 0: { length } }) => ({
      start: index,
      end: index + length,
    }));
  } catch {
    return [{ start: 0, end: text.length }];
  }
}

/** Ranges in order of their start. They may overlap: each stretch becomes one placeholder. */
function hideRanges(text: string, ranges: readonly { start: number; end: number }[]): string {
  if (ranges.length === 0) return text;
  let shown = '';
  let at = 0;
  for (const { start, end } of ranges) {
    if (end <= at) continue;
    if (start >= at) shown += text.slice(at, start) + placeholder;
    at = end;
  }
  return shown + text.slice(at);
}

function createLineRedactor(redact: (text: string) => string): (line: string) => string {
  let linesInBlock = 0;
  return (line) => {
    if (linesInBlock > 0) {
      const end = keyBlockEnd.exec(line);
      linesInBlock = end !== null || linesInBlock >= longestKeyBlockLines ? 0 : linesInBlock + 1;
      return end === null ? placeholder : placeholder + redact(line.slice(end.index + end[0].length));
    }
    const start = keyBlockStart.exec(line);
    if (start !== null && !keyBlockEnd.test(line.slice(start.index))) {
      linesInBlock = 1;
    }
    return redact(line);
  };
}

function mapStrings(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepestValue) return placeholder;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change, depth + 1)]),
  );
}
