import { oneLine } from '../core/terminal-text';
import { type StreamReader } from './adapter';

/** More than is ever looked at, also after secrets have become short: what is shown is cut at a place that splits none. */
const longestText = 40_000;
/** So much is cleaned at once, until there is enough. */
const stretch = 64 * 1024;

/** The line that says what was wrong; interpreters print a stack and their own version after it. */
const errorLine = /^(?:\[?\w*(?:Error|Exception)\b|error\b|fatal\b).*[:\]]/i;
/** The system's own name of what went wrong: `EROFS: read-only file system`. */
const systemError = /^E[A-Z]{3,}: /;

/** What a program said last when it went wrong: of its lines the last that tells of an error, else the last one. */
export function lastWords(): { hear(line: string): void; said(): string } {
  let lastLine = '';
  let lastError = '';
  return {
    hear: (line) => {
      lastLine = line;
      const plain = plainText(line);
      if (errorLine.test(plain) || systemError.test(plain)) lastError = line;
    },
    said: () => (lastError === '' ? lastLine : lastError),
  };
}

/** Reads a program that prints plain text: every line is shown, the exit code decides. */
export function createPlainReader(): StreamReader {
  const words = lastWords();
  return {
    read: (line, stream) => {
      const text = line.trim();
      if (text === '') return [];
      if (stream === 'stderr') words.hear(startOf(text));
      return [{ kind: stream === 'stderr' ? 'info' : 'say', text: plainText(text) }];
    },
    usage: () => null,
    sessionId: () => null,
    structuredOutput: () => undefined,
    outcome: ({ code, signal }) => {
      if (code === 0) return { kind: 'success' };
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const said = words.said();
      return { kind: 'crash', detail: said === '' ? how : `${how}: ${plainText(said)}` };
    },
  };
}

/**
 * A text that is looked at and not shown as it is. Expressions on megabytes are more than their engine can hold; where it
 * is cut stays what is safe to be shown.
 */
export function startOf(text: string): string {
  return text.length <= longestText ? text : plainText(text);
}

/** One line without anything that could steer a terminal. Of a long text the start; what steers does not count. */
export function plainText(text: string): string {
  let shown = '';
  for (let at = 0; at < text.length && shown.length < longestText; at += stretch)
    shown = `${shown}${oneLine(text.slice(at, at + stretch))}`.trimStart();
  return shown.trimEnd();
}
