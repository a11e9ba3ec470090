import { failure, type Failure, type FailureCode, type TextRange } from '@nx-wave/schemas/plain';
import { harmless } from '../terminal-text';

/** A piece of one line: `index` counts lines from 0, `column` UTF-16 units from 1. */
export interface Spot {
  index: number;
  column: number;
  length: number;
}

/** What a diagnostic says besides its code and place. */
export interface Saying {
  message: string;
  /** What to write instead, as an instruction. */
  next?: string;
  facts?: Failure['facts'];
}

/** Collects everything that is wrong with one text, in the order of discovery. */
export interface Diagnostics {
  error(code: FailureCode, spot: Spot, saying: Saying): void;
  warning(code: FailureCode, spot: Spot, saying: Saying): void;
  note(code: FailureCode, spot: Spot, saying: Saying): void;
  /** Everything reported from now on is about this agent; null ends it. */
  about(agentId: string | null): void;
  readonly found: readonly Failure[];
  readonly hasErrors: boolean;
  /** True once the text has errors and nothing more is kept: nobody need look for the nearest word any longer. */
  readonly isFull: boolean;
}

/** Beyond this many findings a text is not a wave file with mistakes but something else. */
const mostFindings = 500;

export function collectDiagnostics(path: string, lines: readonly string[]): Diagnostics {
  const found: Failure[] = [];
  let errors = 0;
  let agentId: string | null = null;
  const report =
    (severity: Failure['severity']) =>
    (code: FailureCode, spot: Spot, saying: Saying): void => {
      if (severity === 'error') errors += 1;
      if (found.length >= mostFindings) return;
      const range = rangeOf(spot);
      found.push(
        failure(code, saying.message, {
          severity,
          place: { ...(agentId === null ? {} : { agentId }), path, range },
          excerpt: excerptOf(lines[spot.index] ?? '', range),
          ...(saying.next === undefined ? {} : { next: saying.next }),
          ...(saying.facts === undefined ? {} : { facts: saying.facts }),
        }),
      );
    };
  return {
    error: report('error'),
    warning: report('warning'),
    note: report('note'),
    about: (id) => {
      agentId = id;
    },
    found,
    get hasErrors() {
      return errors > 0;
    },
    get isFull() {
      return errors > 0 && found.length >= mostFindings;
    },
  };
}

export function rangeOf(spot: Spot): TextRange {
  const line = spot.index + 1;
  return {
    start: { line, column: spot.column },
    end: { line, column: spot.column + Math.max(1, spot.length) },
  };
}

/** The line with carets below the range; long lines are cut around it, control characters are made harmless. */
export function excerptOf(line: string, range: TextRange): string {
  const from = range.start.column - 1;
  const length = Math.max(1, range.end.column - range.start.column);
  const cutFrom = line.length > 110 ? Math.max(0, from - 40) : 0;
  const cutTo = Math.min(line.length, cutFrom + 110);
  const lead = cutFrom > 0 ? '…' : '';
  const shown = lead + line.slice(cutFrom, cutTo) + (cutTo < line.length ? '…' : '');
  const indent = [...(lead + line.slice(cutFrom, from))].map((sign) => (sign === '\t' ? '\t' : ' ')).join('');
  const carets = '^'.repeat(Math.max(1, Math.min(length, cutTo - from)));
  return `${harmless(shown)}\n${indent}${carets}`;
}

/** A text from a wave file inside a message: short, in backticks, without control characters. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return `\`${harmless(short)}\``;
}

/** `a`, `a or b`, `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1] ?? ''}`;
}
