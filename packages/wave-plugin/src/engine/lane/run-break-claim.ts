import type { ClaimHolder } from '@nx-wave/schemas';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { readAgentInputs } from '../agent/agent-inputs';
import type { Edges } from '../session/edges';
import { readDecision } from '../session/ledger-writer';
import { findAgent, openSession, type Session } from '../session/session';
import type { LaneRequest } from './lane';

export interface BreakClaimRequest {
  /** Work key; or wave and agent, whose key is that of their inputs here. */
  key?: string;
  wave?: string;
  agent?: string;
  by?: string;
  reason?: string;
}

export type BrokenClaim = { workKey: string } & (
  { is: 'broken'; from: ClaimHolder | null } | { is: 'not-held'; from: null }
);

/**
 * A person takes a claim from whoever holds it: for a machine that is stuck and still beats. Who and why stand in the claim.
 * Codes: option-invalid, those of the shared store.
 */
export async function runBreakClaim(
  lane: LaneRequest,
  request: BreakClaimRequest,
  edges: Edges,
): Promise<Result<BrokenClaim, Failure[]>> {
  const command = `nx run ${lane.project}:break-claim`;
  const what =
    request.key === undefined ? `--wave ${request.wave} --agent ${request.agent}` : `--key ${request.key}`;
  const decision = readDecision(request, `${command} ${what}`);
  if (!decision.ok) return err([decision.error]);
  const session = await sessionOf(lane, request, edges);
  if (!session.ok) return session;
  const workKey = await keyOf(session.value, request, command);
  if (!workKey.ok) return err([workKey.error]);
  const joined = await session.value.shared?.join();
  if (joined === undefined)
    return err([
      failure('option-invalid', 'No shared store is configured: there are no claims.', {
        place: { path: 'wave.config.json' },
        next: 'Set store.url in wave.config.json.',
      }),
    ]);
  if (!joined.ok) return err([joined.error]);
  const broken = await joined.value.claims.breakClaim(workKey.value, decision.value);
  return broken.ok ? ok({ workKey: workKey.value, ...broken.value }) : err([broken.error]);
}

/** Of the wave that is named; any of the lane knows the store. */
async function sessionOf(
  { workspaceRoot, waves, include }: LaneRequest,
  { wave }: BreakClaimRequest,
  edges: Edges,
): Promise<Result<Session, Failure[]>> {
  const failures: Failure[] = [];
  for (const wavePath of waves) {
    const session = await openSession({ workspaceRoot, wavePath, include }, edges);
    if (!session.ok) failures.push(...session.error);
    else if (wave === undefined || session.value.wave.identity.project === wave) return session;
  }
  return err(failures.length > 0 ? failures : [failure('option-invalid', `The lane has no wave ${wave}.`)]);
}

async function keyOf(
  session: Session,
  { key, wave, agent }: BreakClaimRequest,
  command: string,
): Promise<Result<string>> {
  if (key !== undefined)
    return /^[0-9a-f]{64}$/.test(key)
      ? ok(key)
      : err(failure('option-invalid', `--key ${key} is no work key: 64 digits of 0-9a-f.`));
  if (wave === undefined || agent === undefined)
    return err(
      failure('option-invalid', 'Nothing tells which claim is meant.', {
        next: `${command} --wave wave-3 --agent A1 --by "<who decides>" --reason "<why>"`,
      }),
    );
  const found = findAgent(session.wave, agent);
  if (!found.ok) return found;
  const inputs = await readAgentInputs(session, found.value, { context: 'stored' });
  return inputs.ok ? ok(inputs.value.workKey) : inputs;
}
