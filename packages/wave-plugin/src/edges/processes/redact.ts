import { harmlessName, secretName, secretPatterns } from './secret-patterns';

export const placeholder = '[redacted]';
/** Shorter values are words like `true`: to hide them would hide everything. */
const shortestSecret = 8;
/** The longest secret that is kept whole when a line is too long to be held; longer key blocks are cut away. */
const longestSecret = 8_192;
/** A key block ends by then, or it was no key block. */
const longestKeyBlockLines = 200;

const keyBlockStart = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const keyBlockEnd = /-----END [A-Z ]*PRIVATE KEY-----/;

export interface RedactorOptions {
  /** Values of secret-looking names in here are hidden wherever they appear. */
  env: Readonly<Record<string, string | undefined>>;
  /** Names whose values are secret whatever they are called. */
  secretNames?: readonly string[];
  /** Regular expressions of the configuration; an invalid one is an error of the caller. */
  patterns?: readonly string[];
}

/** The one funnel in front of terminal and disk. */
export interface Redactor {
  /** For a text that is complete in itself. */
  redact(text: string): string;
  /** Every string in a JSON value. */
  redactValue(value: unknown): unknown;
  /** For the lines of one stream, in order: a key block that spans lines is remembered. */
  createLineRedactor(): (line: string) => string;
  /** The greatest index not above `limit` at which a text that goes on may be cut without splitting a secret. */
  safeCut(text: string, limit: number): number;
}

export function createRedactor({ env, secretNames = [], patterns = [] }: RedactorOptions): Redactor {
  const named = new Set(secretNames);
  const values = Object.entries(env).flatMap(([name, value]) => {
    const isSecret = named.has(name) || (secretName.test(name) && !harmlessName.test(name));
    return isSecret && value !== undefined ? formsOf(value) : [];
  });
  const sources = [
    ...[...new Set(values)].sort((a, b) => b.length - a.length).map(escapeRegExp),
    ...patterns,
    ...secretPatterns.map(({ source }) => source),
  ];
  const finder = new RegExp(sources.map((source) => `(?:${source})`).join('|'), 'g');
  const redact = (text: string): string => text.replace(finder, placeholder);

  return {
    redact,
    redactValue: (value) => mapStrings(value, redact),
    createLineRedactor: () => createLineRedactor(redact),
    safeCut: (text, limit) => {
      let cut = Math.max(0, Math.min(text.length, limit) - longestSecret);
      for (const match of text.matchAll(finder)) {
        const end = match.index + match[0].length;
        if (match.index < cut && end > cut) cut = match.index;
      }
      return cut;
    },
  };
}

/** A secret shows up as it is, in JSON, in a URL, in base64, and line by line. */
function formsOf(value: string): string[] {
  const whole = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ];
  return [...whole, ...value.split(/\r?\n/)].filter((form) => form.length >= shortestSecret);
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

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
