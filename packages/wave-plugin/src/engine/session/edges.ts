import type { AdapterIo } from '../../adapters/adapter';
import type { GitEdge } from '../../edges/git/contracts';
import type { ProcessEdge } from '../../edges/processes/contracts';
import type { SignatureEdge } from '../../edges/processes/ssh-signatures';
import type { RunnerNotes } from '../../edges/store/runner-notes';
import type { Owner } from '../../edges/lease/owner';
import type { ProgramClock } from '../program/program';

/** Everything outside that the engine may touch. Tests pass fakes; executors pass the real ones. */
export interface Edges {
  /** The environment of the command, already read once. */
  env: Readonly<Record<string, string>>;
  now(): Date;
  /** Steady time and waiting, for limits. */
  clock: ProgramClock;
  git: GitEdge;
  processes: ProcessEdge;
  adapterIo: AdapterIo;
  signatures: SignatureEdge;
  /** One line for the person who watches; secrets have been removed before. */
  print(line: string): void;
  /** A command for the runner of GitHub Actions; absent where nobody listens. */
  announce?(command: string): void;
  signal: AbortSignal;
  /** A folder of this user, outside every workspace, for checkouts. */
  scratchRoot: string;
  /** A folder that all workspaces of this user share: places for agents per executor. */
  machineRoot: string;
  /** The home that the system notes for the account of the person; absent where it notes none. */
  accountHome?: string;
  /** What runners of this user have written where programs must not. */
  notes: RunnerNotes;
  /** Identifies the Nx command that this task belongs to: its tasks share one snapshot. */
  runId: string;
  /** The process of that command: when it has ended, its snapshot can be removed. */
  runOwner: Owner;
}
