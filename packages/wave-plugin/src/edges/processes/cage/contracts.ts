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
  /** True where what is started is a guard: it takes the signals that are meant for the program to itself. */
  guarded: boolean;
  /** Gives back what stood beside the program; answers the hosts that it was not let through to. */
  close(): Promise<string[]>;
}

/** Puts programs into cages, where the machine can have one. */
export interface CageEdge {
  /** Tried once and remembered. */
  find(): Promise<CageFound>;
  /** The error codes of the operating system where the program is not there. Only called where `find` found a cage. */
  enclose(start: ProgramStart, policy: CagePolicy): Promise<CagedStart | { errorCode: string }>;
}
