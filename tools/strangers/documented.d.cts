export interface Step {
  /** A command of a page. */
  run?: string;
  /** A command of a page that does not end by itself. */
  start?: string;
  until?: RegExp;
  /** What a person does besides. */
  own?: string;
  write?: string;
  text?: string;
  /** The command of a page that the written program runs. */
  within?: string;
  code?: number;
  says?: RegExp[];
  /** On no page: what a slip of the hand gets. */
  mistyped?: true;
}

export declare const story: Record<string, Step[]>;
/** Commands of pages that others run: `by` is the file, `says` what stands in it. */
export declare const runElsewhere: { command: string; by: string; says: string }[];
/** Commands of pages that no test runs, and why. */
export declare const held: { command: string; reason: string }[];
