import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { ExecutorAdapter } from '../../adapters/adapter';
import { findAdapter } from '../../adapters/registry';
import type { ResolvedAgent } from '../../core/model';
import { failedAttempts } from '../../core/paid-attempts';
import { revokedProofs } from '../../core/state/ledger';
import type { ProofOrigin } from '../../core/verify/proof-source';
import { useOf } from '../../core/verify/proof-use';
import { count } from '../../core/count';
import type { Bundle } from '../../edges/store/bundle';
import type { AgentInputs } from './agent-inputs';
import { specDigest } from './record-attempt';
import type { Session } from '../session/session';
import { proofAsk } from '../slices/proof-ask';
import { resultBundles } from '../slices/slices';

/** What earlier attempts of an agent mean for the next one. */
export interface AttemptHistory {
  /** Highest attempt number known, here or below `results/`. */
  highest: number;
  /** Stored work for exactly this work key that only has to be judged again, best first. */
  verifyAgain: (Bundle & { foreign?: boolean; origin?: ProofOrigin })[];
  /** The attempt whose patch the next one goes on from, or null. */
  continueFrom: Bundle | null;
  /** Why the attempt before did not count, for the prompt. */
  reasons: string[];
  /** Set where a person's slice stands for this key and no stored work is left that could be it. */
  adoptedMissing: Failure | null;
  /** Why no agent may run for this key, or null. */
  refusal: Failure | null;
  adapter: ExecutorAdapter | undefined;
}

type Known = Bundle & { attempt: number };

export async function attemptHistory(
  session: Session,
  agent: ResolvedAgent,
  inputs: AgentInputs,
): Promise<AttemptHistory> {
  const attempts = await session.attempts.list(session.wave.identity.project, agent.unitId);
  const sameWork = attempts.filter((one) => predicateOf(one).workKey === inputs.workKey);
  // Nobody goes on from work that came from elsewhere and was refused here.
  const last = attempts.filter((one) => !isRefusedForeign(one)).at(-1);
  const sameSpec = last !== undefined && predicateOf(last).specDigest === specDigest(session, agent);
  return {
    highest: Math.max(0, ...attempts.map((one) => one.attempt), ...(await shownAttempts(session, agent))),
    verifyAgain: await verifiable(session, { agent, inputs }, sameWork),
    continueFrom: sameSpec && mayContinue(session, inputs, last) ? last : null,
    reasons: sameSpec ? predicateOf(last).failures.map(({ message }) => message) : [],
    adoptedMissing: adoptedMissing(session, agent, inputs),
    refusal: refusalOf(session, agent, sameWork),
    adapter: findAdapter(agent.executor.id, session.adapters) ?? undefined,
  };
}

const predicateOf = (bundle: Bundle) => bundle.manifest.predicate;

/**
 * Work that was collected but never judged, proof that never reached the store, and proof that was accepted by other
 * rules or made elsewhere, and what was refused for something that a person has waived since.
 */
async function verifiable(
  session: Session,
  { agent, inputs }: { agent: ResolvedAgent; inputs: AgentInputs },
  sameWork: Known[],
): Promise<AttemptHistory['verifyAgain']> {
  // Judged before and refused: judging the very same work by the same rules would say the same.
  const refused = new Set(
    sameWork
      .filter(({ manifest: { predicate } }) => predicate.state === 'not_proven')
      .filter(({ manifest: { predicate } }) => predicate.acceptanceKey === inputs.acceptanceKey)
      .map(({ manifest: { predicate } }) => predicate['verifiedDigest'])
      .filter((digest) => typeof digest === 'string'),
  );
  const collected = sameWork.filter((one) => predicateOf(one).state === 'collected').slice(-1);
  const proven = sameWork.filter((one) => predicateOf(one).state === 'owned_slice_proven').slice(-1);
  // Only the last one: what was tried after it went on from it.
  const released = sameWork.slice(-1).filter((one) => predicateOf(one).state === 'not_proven');
  const ask = { ...proofAsk(session, agent, inputs), refused };
  const stored = (await session.proofs.find(inputs.workKey)).bundles;
  const unstored = proven.filter((one) => stored.every(({ proofDigest }) => proofDigest !== one.proofDigest));
  return [...stored, ...unstored, ...released, ...collected].filter((one) => useOf(one, ask) !== 'nothing');
}

function isRefusedForeign({ manifest: { predicate } }: Bundle): boolean {
  return predicate['verifiedElsewhere'] === true && predicate.state === 'not_proven';
}

/** A retry goes on from its own patch; a fresh retry, a revoked proof, and finished work for other inputs start from the base. */
function mayContinue(session: Session, inputs: AgentInputs, last: Known): boolean {
  const { state, epoch, changes } = predicateOf(last);
  if (revokedProofs(session.ledger).has(last.proofDigest)) return false;
  if (changes.length === 0 && predicateOf(last).artifacts.length === 0) return false;
  const fresh = session.ledger.some(
    (entry) => entry.type === 'retry.applied' && entry.id === inputs.ledger.epoch && entry.fresh,
  );
  if (fresh && epoch !== inputs.ledger.epoch) return false;
  return state !== 'owned_slice_proven' || (epoch ?? null) !== inputs.ledger.epoch;
}

/**
 * Nobody is paid for what a person has already done by hand. Asked only where no stored work is left for these keys: the
 * slice is not on this machine, or today's rules have refused it.
 */
function adoptedMissing(session: Session, agent: ResolvedAgent, inputs: AgentInputs): Failure | null {
  const { project } = session.wave.identity;
  const { adopted } = proofAsk(session, agent, inputs);
  if (adopted === null || adopted.resultDigest === null) return null;
  return failure(
    'adopted-missing',
    `A person's slice stands for agent ${agent.unitId}, and it is not in the proof store of this machine or does not hold any more.`,
    {
      place: { wave: project, agentId: agent.unitId },
      next: `nx run ${project}:adopt --agent ${agent.unitId}, or let the agent do it: nx run ${project}:retry --agent ${agent.unitId} --apply`,
    },
  );
}

/** What only a person can settle: until then nobody is paid for the same work again. */
const heldCodes = ['question-unanswered', 'outside-writes'] as const;

function refusalOf(session: Session, agent: ResolvedAgent, sameWork: Known[]): Failure | null {
  const { project } = session.wave.identity;
  const place = { wave: project, agentId: agent.unitId };
  const refused = sameWork.filter((one) => predicateOf(one).state === 'not_proven');
  const last = refused.at(-1)?.manifest.predicate.failures ?? [];
  for (const code of heldCodes) {
    const held = last.find((one) => one.code === code);
    if (held === undefined) continue;
    return failure(code, held.message, {
      place,
      next: typeof held['next'] === 'string' ? held['next'] : `nx run ${project}:status`,
    });
  }
  const failed = failedAttempts(sameWork.map(predicateOf));
  const cap = session.wave.settings.limits.attempts;
  if (failed < cap) return null;
  return failure(
    'attempt-cap-reached',
    `Agent ${agent.unitId} has failed ${count(failed, 'time')} for the same inputs.`,
    {
      place,
      next: `Change what it is asked, raise limits.attempts in wave.config.json, or: nx run ${project}:retry --agent ${agent.unitId} --apply`,
      facts: { attempts: failed, cap },
    },
  );
}

/** Attempt numbers of this agent below `results/`: an Nx cache may know attempts that this machine never ran. */
async function shownAttempts(session: Session, agent: ResolvedAgent): Promise<number[]> {
  return (await resultBundles(session, agent.unitId)).map((one) => predicateOf(one).attempt);
}
