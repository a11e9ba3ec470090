import type { ResultEnvelope, Usage } from '@nx-wave/schemas';
import type { Result } from '@nx-wave/schemas/plain';
import type { LegacyInput } from '../core/legacy/synthesize-envelope';
import type { CageGrants } from '../core/cage/cage-policy';
import type { ExecutorVocabulary, ResolvedAgent, ResolvedWave } from '../core/model';

/** What an adapter may look at. Paths are absolute; `which` answers with an absolute path or null. */
export interface AdapterIo {
  readFile(path: string): string | null;
  exists(path: string): boolean;
  which(command: string): string | null;
}

export interface Capabilities {
  sandboxModes: readonly string[];
  supportsSearch: boolean;
  supportsImages: boolean;
  supportsAddDirs: boolean;
  supportsMcp: boolean;
  supportsHooks: boolean;
  supportsJson: boolean;
  supportsStructuredOutput: boolean;
  supportsResume: boolean;
  reportsCost: boolean;
  maxTurns: boolean;
  rateLimitRetry: boolean;
}

/** What is known about one launch. Absolute paths; the checkout is the working directory. */
export interface LaunchOptions {
  prompt: string;
  checkoutDir: string;
  /** A private folder outside the checkout, for generated settings. */
  scratchDir: string;
  envelopePath: string;
  envelopeSchemaPath: string;
  /** JSON Schema of the envelope, parsed; null where it could not be read. */
  envelopeSchema?: unknown;
  /** Folders outside the checkout that the program's tools may write to: temp folder, private caches. */
  writableDirs?: readonly string[];
  /** For settings files that the wave names: gives them as the user has them, whatever the agent made of them. */
  io?: AdapterIo;
  /** True where a cage of ours stands around the program instead of its own sandbox, which is not in force. */
  caged?: boolean;
  /** The environment that the adapter may choose from (already without NX_*, npm_* and the like). */
  env: Readonly<Record<string, string>>;
  /** Set for a repair pass: continue that session and ask for the envelope only. */
  resumeSessionId: string | null;
}

/** `tryArgs`: the program starts with them and ends well where its sandbox works. `sameAsOurs`: it is made of what our cage is made of. */
export type OwnSandbox = { tryArgs: readonly string[] } | { sameAsOurs: true };

/** A launch as data: the engine performs it without a shell. */
export interface LaunchSpec {
  command: string;
  args: string[];
  stdin: string;
  /** Added to the base environment of the agent. */
  env: Record<string, string>;
  /** Written before the start, below `scratchDir`. */
  files: { path: string; content: string }[];
  /**
   * Set where the program only asks its model to stop after so many turns: past them the runner ends it. Counted by
   * `StreamReader.turns`.
   */
  turnLimit?: number;
  /** True where the program is told to forget its session: there is none to continue then. */
  keepsNoSession?: boolean;
  /** What it needs besides its checkout where a cage stands around it; absent where it needs nothing. */
  needs?: CageGrants;
  /** Its own sandbox, where these options leave it on. Whether that is in force on this machine is found out. */
  ownSandbox?: OwnSandbox;
  /** Anything the user must see in `plan` and in the bundle: `permissions bypassed by configuration`. */
  notices: string[];
}

/** How an attempt of a program ended, as its own event stream tells it. Exit 0 alone is never success. */
export type ProgramOutcome =
  | { kind: 'success' }
  /** It left by itself and well, but its stream tells no end, or a trouble after it: the files and the envelope decide. */
  | { kind: 'unclear'; detail: string }
  | { kind: 'refused' | 'turn-limit' | 'too-long' | 'budget' | 'quota' | 'auth' | 'crash'; detail: string }
  | {
      kind: 'rate-limit' | 'overload' | 'network';
      detail: string;
      /** From the end of the program on. */
      retryAfterMs: number | null;
      /** Where the program names a point in time instead: milliseconds since 1970. */
      resetsAtMs?: number;
    }
  | { kind: 'timeout' | 'idle' | 'cancelled' | 'exhausted'; detail: string };

/** One thing seen in the stream, ready to be shown as a short line. */
export interface ProgressLine {
  kind: 'read' | 'edit' | 'run' | 'say' | 'info';
  text: string;
}

/** A pure fold over the program's output, line by line. */
export interface StreamReader {
  /** `stream` tells which pipe the line came from. */
  read(line: string, stream: 'stdout' | 'stderr'): ProgressLine[];
  usage(): Usage | null;
  sessionId(): string | null;
  /** What the program was not allowed to do, in its own names of tools; empty or absent where it told of none. */
  denials?(): string[];
  /** Turns that came to their end, where the program tells them. */
  turns?(): number;
  /** The last structured answer, where the CLI gives one. */
  structuredOutput(): unknown;
  /** True once the stream has told its end: a program that hangs afterwards has still done its work. */
  finished?(): boolean;
  /** What the program itself is waiting for since its last line, silently; null while it works. */
  waitingFor?(): ProgramOutcome | null;
  /** Called once after exit. */
  outcome(exit: { code: number | null; signal: string | null }): ProgramOutcome;
}

/** What the engine is to do after something happened; it acts, the adapter only advises. */
export type SupervisionAdvice =
  | { do: 'continue' }
  | { do: 'wait'; ms: number; reason: string }
  | { do: 'fall-back'; reason: string }
  | { do: 'stop'; reason: string };

export interface SupervisionHooks {
  onLaunch(): SupervisionAdvice;
  onComplete(outcome: ProgramOutcome): SupervisionAdvice;
  onTimeout(outcome: ProgramOutcome): SupervisionAdvice;
  /** `waitedMs`: what this attempt has already waited; `attempt`: from 1. */
  onRateLimit(
    outcome: ProgramOutcome,
    seen: { attempt: number; waitedMs: number; limitMs: number },
  ): SupervisionAdvice;
}

/** Everything nx-wave knows about one agent program. One file each, one line in `adapters/registry.ts`. */
export interface ExecutorAdapter extends ExecutorVocabulary {
  displayName: string;
  capabilities: Capabilities;
  /** True for programs that cost nothing: they may run in `local-only` mode. */
  free: boolean;
  /** Environment variables that belong to the CLI itself: its login and its configuration folders. */
  envNames: readonly string[];
  /** Files of the workspace that a launch is made from, by workspace-relative path: read through `io`, never by the program. */
  settingsFiles?(agent: ResolvedAgent): readonly string[];
  /** Pure: from data to data. Fails as a value with a code, e.g. `local-command-missing`. */
  buildLaunchSpec(agent: ResolvedAgent, wave: ResolvedWave, options: LaunchOptions): Result<LaunchSpec>;
  /** `resumed`: usage of the session before this launch, for programs that report the sum of a session. */
  createStreamReader(resumed?: { usage: Usage | null }): StreamReader;
  /** The envelope that the agent left: a path in the checkout, or null. */
  locateResultEnvelope(options: { envelopePath: string; checkoutDir: string }, io: AdapterIo): string | null;
  validateResultEnvelope(value: unknown): { valid: boolean; errors: string[] };
  /** The envelope that markers in the program's output amount to, or null. It never adds a claim of its own. */
  synthesizeLegacyEnvelope(input: LegacyInput): ResultEnvelope | null;
  isAvailable(io: AdapterIo, configuredCommand: string | null): boolean;
  fallbackEligibility: { canFallbackFrom: boolean; canFallbackTo: boolean; restrictions: readonly string[] };
  supervisionHooks: SupervisionHooks;
  /** Key of `### Executor` under which a person allows more tools, where there is one: `allowed_tools`. */
  allowKey?: string;
}
