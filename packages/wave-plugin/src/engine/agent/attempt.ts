import type { Usage } from '@nx-wave/schemas';
import { ok, type Failure, type JsonValue, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { openJournal, type Journal } from '../../edges/journal/journal';
import type { Amounts } from '@nx-wave/schemas';
import type { HeldClaim } from '../claims/contracts';
import type { AgentInputs } from './agent-inputs';
import type { LiveAttempt } from '../session/live-note';
import type { Session } from '../session/session';

/** How the task of one agent ended. */
export type AgentReport =
  | {
      state: 'owned_slice_proven';
      reused: boolean;
      proofDigest: string;
      proofBundleId: string;
      resultDigest: string | null;
    }
  | { state: 'failed'; failures: Failure[]; attempt: number | null };

/** The report of an attempt, or of a task that came to none, with its reasons. */
export const failed = (failures: Failure[], attempt: number | null = null): AgentReport => ({
  state: 'failed',
  failures,
  attempt,
});

/** One agent while its task holds the lease of its work key: what goes from step to step. */
export interface AgentRun {
  session: Session;
  agent: ResolvedAgent;
  inputs: AgentInputs;
  /** That of the lease: everything that the task starts carries it. */
  marker: string;
  /** The claim of a shared store under which it works; none where no store is configured, or a proof of another is judged. */
  claim?: HeldClaim | null;
}

/** The bundle whose work was verified again. */
export interface VerifiedWork {
  /** Its id, for people. */
  from: string;
  digest: string;
  /** Whether it had been made elsewhere. */
  elsewhere: boolean;
}

/** The same once an attempt has its number. */
export interface AttemptContext extends AgentRun {
  attempt: number;
  attemptFolder: string;
  journal: Journal;
  /** What asking for the envelope again has used, on top of the work itself. */
  repairUsage?: Usage | null;
  /** What the shared store is told of this attempt, where an agent runs under a claim. */
  shared?: { run: string; continuedFrom: string | null };
  /** What the claim knows of what was used. */
  told?: Amounts;
  /** What the program's stream leaves in doubt: told with the reasons where the attempt is refused, and refusing nothing. */
  remarks?: { before: Failure[]; after: Failure[] };
  /** Tells whoever watches how far it is; absent where no agent runs. */
  live?: LiveAttempt;
  /** Set when no agent runs: the bundle whose work is verified again. */
  verified?: VerifiedWork;
}

/** Begins an attempt under the first free number after `highest`, and says so in the log, with what else is `noted`. */
export async function openAttempt(
  run: AgentRun,
  highest: number,
  noted: Record<string, JsonValue> = {},
): Promise<Result<AttemptContext>> {
  const { session, agent, inputs } = run;
  const { project } = session.wave.identity;
  const reserved = await session.attempts.reserve(project, agent.unitId, highest);
  if (!reserved.ok) return reserved;
  const { attempt, folder } = reserved.value;
  const journal = openJournal({
    logPath: session.at(session.paths.controlPlane),
    wave: project,
    agentId: agent.unitId,
    attempt,
    now: session.edges.now,
  });
  journal.record('attempt.started', { workKey: inputs.workKey, ...noted });
  return ok({ ...run, journal, attempt, attemptFolder: folder });
}

/** For the manifest; nothing where no agent ran under a claim. */
export function claimOf({ shared, marker }: AttemptContext) {
  return shared === undefined
    ? {}
    : { underClaim: { claimToken: marker, continuedFrom: shared.continuedFrom } };
}
