import type { CagePolicy } from '../../../core/cage/cage-policy';
import type { CageFound } from '../../../core/cage/hold-cage';

/** A start without a cage. */
export interface ProgramStart {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
}

/** The same start, in a cage. */
export interface CagedStart {
  command: string;
  args: string[];
  env: Record<string, string>;
  /**
   * True where what is started is a guard: it takes the signals that are meant for the program to itself, and tells on the
   * descriptor 3 how the program ended, which says whether there was one.
   */
  guarded: boolean;
  /** Gives back what stood beside the program; answers the hosts that it was not let through to. */
  close(): Promise<string[]>;
}

/** Why no program was started: it is not there (`errorCode` of the operating system), or its cage could not be made. */
export type NotCaged = { errorCode: string } | { cageProblem: string };

/** Puts programs into cages, where the machine can have one. */
export interface CageEdge {
  /** Tried once and remembered. */
  find(): Promise<CageFound>;
  /** Never rejects. Only called where `find` found a cage. */
  enclose(start: ProgramStart, policy: CagePolicy): Promise<CagedStart | NotCaged>;
}
