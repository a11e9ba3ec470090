import { type FailureCode } from './failure-codes';

/** A place in a text file, 1-based, columns counted in UTF-16 units; `end` is exclusive. */
export interface TextRange {
  start: { line: number; column: number };
  end: { line: number; column: number };
}

/** Where a failure is to be looked for: as much of it as is known. Paths are workspace-relative. */
export interface Place {
  wave?: string;
  agentId?: string;
  path?: string;
  range?: TextRange;
}

/**
 * Why something could not be done, as a value. `message` is written for the person who must act,
 * `next` is the command or edit that moves them on, `facts` are the same things for programs.
 */
export interface Failure {
  code: FailureCode;
  severity: 'error' | 'warning' | 'note';
  message: string;
  place?: Place;
  /** The offending line with a caret line below it, where the failure blames a text. */
  excerpt?: string;
  next?: string;
  facts?: Record<string, JsonValue>;
}

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Builds an error-severity failure; `rest` may override the severity. */
export function failure(
  code: FailureCode,
  message: string,
  rest: Partial<Omit<Failure, 'code' | 'message'>> = {},
): Failure {
  return { code, severity: 'error', message, ...rest };
}
