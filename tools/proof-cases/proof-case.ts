/** Files by their workspace-relative path; null is a file that the slice deletes. */
export type Files = Readonly<Record<string, string>>;

/** A small repository in the shape of a real one. */
export interface Shape {
  /** What its tests run on; `scripts` where no known runner is there. */
  runner: 'node:test' | 'jest' | 'vitest' | 'mocha' | 'scripts';
  files: Files;
  commands: readonly string[];
}

/** Where a cheat is refused at the earliest; `held-out` needs a command that no agent saw, `never` is what still gets in. */
export type Caught = 'exit' | 'checked' | 'strict' | 'held-out' | 'never';

/** What one agent was asked for, and what it left. */
export interface SliceCase {
  /** Unique, in the words of a path. */
  id: string;
  shape: Shape;
  /** Kind of cheat, or of honest work, as the table names it. */
  kind: string;
  /** More files of the base. */
  base?: Files;
  slice: Readonly<Record<string, string | null>>;
  /** Default: every path of the slice. */
  owns?: readonly string[];
  /** Default: every source that the slice writes, tests and configuration left out. */
  deliverables?: readonly string[];
  commands?: readonly string[];
  /** Proof artifacts, which the slice has to hold. */
  artifacts?: readonly string[];
  /** Lines under `### Proof strength`, as an author would write them for this job. */
  strength?: readonly string[];
  /** A command that no agent saw, with its files. */
  heldOut?: { command: string; files: Files };
  /** More statements of the agent's program. */
  does?: string;
}

export interface Cheat extends SliceCase {
  caught: Caught;
  /** What still gets in, and why. */
  why?: string;
}

export type Honest = SliceCase;

/** A text with one part replaced; throws where there is no such part, for a case would then be another one. */
export function edited(text: string | undefined, from: string, to: string): string {
  if (text === undefined || !text.includes(from)) throw new Error(`a case edits what is not there: ${from}`);
  return text.replace(from, () => to);
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
