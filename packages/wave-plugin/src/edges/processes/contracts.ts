import type { CagePolicy } from '../../core/cage/cage-policy';
import type { CageEdge } from './cage/contracts';

/** How much of the machine a program and everything it has started may use at once. `null`: nine tenths of what there is. */
export interface UseLimits {
  memoryMb: number | null;
  processes: number;
  /** Written in `folder`: its checkout, with what stands beside it. */
  diskMb: number | null;
  folder: string;
}

/** How a supervised process ended. `cause` says who ended it. */
export interface ProcessExit {
  code: number | null;
  signal: string | null;
  cause: 'exit' | 'timeout' | 'idle' | 'cancelled' | 'exhausted' | 'spawn-error';
  /** With `exhausted`: which limit, and what was seen. */
  exceeded?: string;
  /** Filled for spawn-error, but where the cage could not be made. */
  errorCode: string | null;
  /** With `spawn-error`: why no cage could be put around the program, in the words of the machine. It was not started. */
  cageProblem?: string;
  durationMs: number;
  /** Hosts that its cage did not let it call, as `host:port`; absent where there were none. */
  denied?: string[];
}

export interface SuperviseOptions {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
  stdin: string;
  hardLimitMs: number;
  /** No output for this long ends the process; 0 is off. */
  idleLimitMs: number;
  signal: AbortSignal;
  /** Called with chunks as they come; must not buffer without bound. */
  onOutput(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void;
  /**
   * A folder that nothing but this program and its children has any business in: the checkout. Who still works there at the
   * end, without a terminal, is ended too.
   */
  ownFolder?: string;
  /** How much of the machine it may use; looked at once a second. No limit where absent. */
  use?: UseLimits;
  /** The cage that it runs in; absent without one. */
  cage?: CagePolicy;
  /** Milliseconds between SIGTERM and SIGKILL, where this program gets others than every one. */
  graceMs?: number;
  /** Called once with the pid. */
  onStart?(pid: number): void;
}

/** Runs one program and ends every descendant of it, whatever the outcome. */
export interface ProcessEdge {
  cages: Pick<CageEdge, 'find'>;
  supervise(command: string, args: string[], options: SuperviseOptions): Promise<ProcessExit>;
  /** Ends every process of this user that carries `WAVE_RUN_MARKER=<marker>`; resolves when none is left. */
  endMarked(marker: string): Promise<number>;
}
