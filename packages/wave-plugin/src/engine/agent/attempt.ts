import type { Usage } from '@nx-wave/schemas';
import type { Failure } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { openJournal, type Journal } from '../../edges/journal/journal';
import type { AgentInputs } from './agent-inputs';
import type { Edges } from '../session/edges';
import type { VerifiedWork } from './record-attempt';
import type { Session } from '../session/session';

/** How the task of one agent ended. */
export type AgentReport =
  | { state: 'owned_slice_proven'; reused: boolean; proofDigest: string; proofBundleId: string }
  | { state: 'failed'; failures: Failure[]; attempt: number | null };

/** The report of an attempt, or of a task that came to none, with its reasons. */
export const failed = (failures: Failure[], attempt: number | null = null): AgentReport => ({
  state: 'failed',
  failures,
  attempt,
});

/** What one attempt carries from step to step. */
export interface AttemptContext {
  /** What asking for the envelope again has used, on top of the work itself. */
  repairUsage?: Usage | null;
  session: Session;
  agent: ResolvedAgent;
  inputs: AgentInputs;
  edges: Edges;
  marker: string;
  attempt: number;
  attemptFolder: string;
  journal: Journal;
  /** Set when no agent runs: the bundle whose work is verified again. */
  verified?: VerifiedWork;
}

/** Begins an attempt under a reserved number, and says so in the log. */
export function openAttempt(
  session: Session,
  agent: ResolvedAgent,
  inputs: AgentInputs,
  marker: string,
  reserved: { attempt: number; folder: string },
): AttemptContext {
  const { edges } = session;
  const journal = openJournal({
    logPath: session.at(session.paths.controlPlane),
    wave: session.wave.identity.project,
    agentId: agent.unitId,
    attempt: reserved.attempt,
    now: edges.now,
  });
  journal.record('attempt.started', { workKey: inputs.workKey });
  return {
    session,
    agent,
    inputs,
    edges,
    marker,
    journal,
    attempt: reserved.attempt,
    attemptFolder: reserved.folder,
  };
}
