import { type Usage } from '@nx-wave/schemas';
import { type Failure, type JsonValue, type Result } from '@nx-wave/schemas/plain';
import { type AdapterIo, type ExecutorAdapter, type ProgramOutcome } from '../../adapters/adapter';
import { type CageGrants } from '../../core/cage/cage-policy';
import { type HeldCage, type ProgramCage } from '../../core/cage/hold-cage';
import { type ResolvedAgent, type ResolvedWave } from '../../core/model';
import { type Spending } from '../../core/spending';
import { type Checkout } from '../../edges/git/contracts';
import { type ProcessEdge, type ProcessExit } from '../../edges/processes/contracts';
import { type SecretRules } from '../../edges/processes/redact';

/** How far one run of an agent program may go. Milliseconds; null is without limit. */
export interface ProgramLimits {
  /** Running time of the program over all its starts; waiting for a rate limit does not count. */
  hardLimitMs: number;
  /** 0 is off. */
  idleLimitMs: number;
  /** All waits for rate limits and overloads together. */
  rateLimitWaitMs: number;
  /** Input and output tokens. */
  tokens: number | null;
  usd: number | null;
}

/** The budget that all agents of a wave share. */
export interface SharedBudget {
  /** Tells the others what this run has used so far; answers what of the budget is used up, or null while it is within. */
  settle(spending: Spending): string | null;
}

export interface ProgramClock {
  /** Milliseconds of any steady clock. */
  now(): number;
  /** Milliseconds since 1970, for reset times that are points in time; the system's where absent. */
  epochMs?(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Told of what a run is at, for whoever watches from another terminal. */
export interface LiveTeller {
  /** A program is started. */
  starts(executorId: string): void;
  /** What it did last, in its own words; without secrets. */
  did(line: string): void;
  /** What it has used so far, and its turns; null where nobody knows. */
  used(usage: Usage | null, turns: number | null): void;
  /** `ms`: for how long; absent where nobody knows. */
  waits(reason: string, ms?: number): void;
}

/** One of a fixed number of places for agents of one executor on this machine. */
export interface ProgramSlot {
  release(): Promise<void>;
}

/** What decides the cage of a launch. */
export interface CageOfLaunch {
  executorId: string;
  needs: readonly CageGrants[];
  /** Finds out whether the program's own sandbox is in force; it may start the program, so only where that counts. */
  ownInForce(): Promise<boolean>;
}

export interface ProgramEdges {
  processes: ProcessEdge;
  io: AdapterIo;
  /** Writes a generated file below the scratch folder. */
  writeFile(path: string, content: string): Promise<Result<void>>;
  /** The cage for a launch of an adapter; absent where none is wanted. Code: `cage-missing`. */
  cageFor?(ask: CageOfLaunch): Promise<Result<ProgramCage>>;
  /** Waits for a place; absent where no limit is wanted. */
  acquireSlot?(executorId: string, maxConcurrent: number, signal: AbortSignal): Promise<Result<ProgramSlot>>;
}

/** Everything that one run of an agent program needs. Nothing is read from the surroundings. */
export interface ProgramRequest {
  wave: ResolvedWave;
  agent: ResolvedAgent;
  adapters: readonly ExecutorAdapter[];
  /** Executor ids in the order they may be tried; the first is the agent's own. */
  chain: readonly string[];
  prompt: string;
  checkout: Checkout;
  envelopePath: string;
  envelopeSchemaPath: string;
  /** The user's environment; only an allow-list of it reaches the program. */
  baseEnv: Readonly<Record<string, string | undefined>>;
  /** `WAVE_*` of this agent, with `WAVE_RUN_MARKER`. */
  variables: Readonly<Record<string, string>>;
  limits: ProgramLimits;
  /** Counts programs that cost; absent where nobody keeps count. */
  sharedBudget?: SharedBudget;
  /** Session to continue, for a repair pass: only the first executor of the chain is used then. */
  resume: { sessionId: string; usage: Usage | null } | null;
  attempt: number;
  signal: AbortSignal;
  edges: ProgramEdges;
  clock: ProgramClock;
  /** From the request to end to the end by force; that of the process edge where absent. */
  graceMs?: number;
  /** Called with the process group of each program that was started; what it gives is called when that has ended. */
  watchGroup?(group: number): () => void;
  /** What the configuration adds to the rules for secrets. */
  secrets?: SecretRules;
  /** One short redacted line for people. */
  onLine(text: string): void;
  /** Absent where nobody watches. */
  live?: LiveTeller;
  /** Where a person finds the transcript afterwards, workspace-relative. */
  transcriptPath?: string;
  /** One redacted line of `transcript.jsonl`, without line break. Must not buffer without bound. */
  writeTranscript(line: string): void;
  /** For `events.jsonl` of the bundle. */
  recordEvent(type: string, data: Record<string, JsonValue>): void;
}

export interface ProgramResult {
  outcome: ProgramOutcome;
  /** The executor that ran last, or was to run. */
  executorId: string;
  /** How the last start ended; null when nothing was started. */
  exit: ProcessExit | null;
  /** Which cage stood around the last start; null when nothing was started or nobody asked for one. */
  cage: HeldCage | null;
  /** Over all starts. */
  usage: Usage | null;
  sessionId: string | null;
  /** Redacted; undefined where the program gave none. */
  structuredOutput: unknown;
  /** What it was not allowed to do: names of tools, redacted. */
  denials: string[];
  notices: string[];
  /** Null after success. Of an outcome that is `unclear` it refuses nothing by itself: the files decide. */
  failure: Failure | null;
}
