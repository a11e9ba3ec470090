import type { Process } from './machine';

/** A program that was started, as it was and not as anybody tells it. */
export interface Start {
  id: number;
  key: string;
  run: string;
  runner: Process;
  group: Process;
  base: number;
  at: number;
  /** When no process of it was left. */
  endedAt: number | null;
  /** Calls before this one were done by those who were cut off. */
  from: number;
  /** From, to and price of each call; the last may have been cut off. */
  calls: { from: number; to: number | null; usd: number; ms: number }[];
  /** How the program ended; null while it runs and where it was killed. */
  outcome: 'ok' | 'fails' | 'auth' | 'quota' | null;
  /** What it has made, where it has come to its end. */
  content: string | null;
  /** Whether its runner has ended it, and why. */
  stopped: 'lost' | 'drained' | 'budget' | 'watchdog' | null;
  settledAt: number | null;
}

/** Everything that has really happened in a trial. */
export interface Truth {
  starts: Start[];
  /** What a machine has shown as the result of a key. */
  published: { key: string; base: number; machine: string; content: string; at: number; how: string }[];
  refused: { key: string; base: number; content: string; at: number }[];
  /** Misses of archives, with their reasons. */
  misses: string[];
  waits: { runner: Process; from: number; to: number; key: string }[];
  ends: { key: string; machine: string; run: string; at: number; how: string }[];
  drains: number[];
  /** The store could not be reached at some time. */
  unreachable: boolean;
  /** Calls that were taken up from a checkpoint: by start. */
  continued: number;
  defects: string[];
}

export const emptyTruth = (): Truth => ({
  starts: [],
  published: [],
  refused: [],
  misses: [],
  waits: [],
  ends: [],
  drains: [],
  unreachable: false,
  continued: 0,
  defects: [],
});
