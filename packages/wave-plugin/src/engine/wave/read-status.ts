import { closureSchema, type Closure, type HumanInput, type Usage } from '@nx-wave/schemas';
import { canonicalJson, type Result } from '@nx-wave/schemas/plain';
import { planRetry } from '../../core/retry/plan-retry';
import { judgeClosure } from '../../core/state/judge-closure';
import { standingLanding } from '../../core/state/ledger';
import { reduceWave } from '../../core/state/reduce-wave';
import type { Spending, WaveBudget } from '../../core/spending';
import type { UnitSource } from '../../core/verify/proof-source';
import type { AttemptRecord } from '../../core/state/wave-evidence';
import { wasPaid } from '../../core/paid-attempts';
import { addUsage } from '../../core/usage';
import { unitCages } from '../../core/views/cages';
import { heldOutOf } from '../../core/held-out';
import { askedQuestions, humanInputAt, type AskedQuestion } from '../../core/people/questions';
import { unitStrengths } from '../../core/views/strengths';
import { agentWords } from '../../core/views/agent-words';
import { standingRecord } from '../../core/views/closure-record';
import { statusDocument, type StatusInput } from '../../core/views/status';
import { readText } from '../../edges/files/read-file';
import type { NamedProof } from '../../edges/store/proof-store';
import { writeUnflushed } from '../../edges/files/write-file';
import { readLanded } from './run-launch';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';
import { readSpending } from '../session/spending';
import { gatherWave, type GatheredWave, type SliceFailures } from './wave-evidence';

export interface WaveStatus extends StatusInput {
  /** Tokens and money of every attempt that is known here; null where no program reported any. */
  usage: Usage | null;
  /** Attempts that a program was started for and whose use nobody told: `usage` lacks them. */
  untoldAttempts: number;
  /** What was paid for on this machine, unfinished runs included, and what the wave may spend. */
  spending: Spending;
  budget: WaveBudget;
}

/**
 * The state of a wave from what is stored; no agent runs and nothing tracked is touched. A landed wave is compared with the
 * tree. `failures` are what the running task has just failed with.
 */
export async function readStatus(session: Session, failures: SliceFailures[] = []): Promise<WaveStatus> {
  return judgeStatus(session, await gatherWave(session, failures));
}

/** The same, of what was gathered before. */
export async function judgeStatus(
  session: Session,
  { evidence, closure: stored }: GatheredWave,
): Promise<WaveStatus> {
  const judged = judgeClosure(stored);
  const landing = standingLanding(session.ledger);
  const landed = landing === null ? null : await readLanded(session, landing);
  const closure = landed?.ok === true ? landed.value : judged;
  const state = reduceWave({ ...evidence, closed: await isClosed(session, closure) });
  const plan = planRetry(state);
  const questions =
    closure.questions.length > 0 ? closure.questions : state.questions.map((one) => ({ ...one }));
  const paid = evidence.attempts.filter(({ predicate }) => wasPaid(predicate));
  const usage = paid.reduce<Usage | null>((sum, { predicate }) => addUsage(sum, predicate.usage), null);
  const unitIds = session.wave.agents.map(({ unitId }) => unitId);
  return {
    state,
    plan,
    usage,
    untoldAttempts: paid.filter(({ predicate }) => predicate.usage === null).length,
    spending: readSpending(session),
    budget: session.wave.settings.budget,
    closure: standingRecord({ state, plan, closure: { ...closure, questions } }),
    words: agentWords(unitIds, evidence.attempts),
    cages: unitCages(unitIds, evidence.attempts),
    strengths: unitStrengths(state.units, evidence.attempts),
    sources: await unitSources(session, closure, evidence.attempts),
    heldOut: heldOutOf(session.wave).map(({ name }) => name),
    inputs: humanInputs(session, askedQuestions(state.wave, state.questions, evidence)),
  };
}

/** Where the proof of each unit comes from. Nothing of one whose bundle is not stored here any more. */
async function unitSources(
  { proofs }: Session,
  { agents }: Closure,
  attempts: readonly AttemptRecord[],
): Promise<UnitSource[]> {
  const sources: UnitSource[] = [];
  for (const { agentId, proofDigest, workKey } of agents) {
    if (proofDigest === null || workKey === null) continue;
    const proof =
      attempts.find((one) => one.proofDigest === proofDigest) ?? (await stored(workKey, proofDigest));
    if (proof !== null) sources.push({ unitId: agentId, ...(await proofs.sourceOf(proof)) });
  }
  return sources;

  /** A proof that another machine has made: there is no attempt of it here. */
  async function stored(workKey: string, proofDigest: string): Promise<NamedProof | null> {
    const { bundles } = await proofs.find(workKey);
    const found = bundles.find((one) => one.proofDigest === proofDigest);
    return found === undefined ? null : { proofDigest, predicate: found.manifest.predicate };
  }
}

/** Where the open questions of a wave stand now. */
export function humanInputs({ edges, wave }: Session, questions: readonly AskedQuestion[]): HumanInput[] {
  return questions.map((question) => humanInputAt(edges.now(), question, wave.settings.people));
}

/** True when `launch` has closed exactly this: its record names the same proof for every agent. */
async function isClosed(session: Session, closure: Closure): Promise<boolean> {
  if (closure.state !== 'closed') return false;
  const stored = closureSchema.safeParse(parseJson(await readText(session.at(session.paths.closure))));
  return (
    stored.success &&
    stored.data.state === 'closed' &&
    canonicalJson(stored.data.agents) === canonicalJson(closure.agents)
  );
}

/** `status/wave-<n>.json`: a projection for people and programs, never read back. */
export async function writeWaveStatus(session: Session, status: WaveStatus): Promise<Result<void>> {
  return writeUnflushed(session.at(session.paths.status), `${canonicalJson(statusWithUsage(status))}\n`);
}

export function statusWithUsage(status: WaveStatus): Record<string, unknown> {
  return {
    ...statusDocument(status),
    usage: status.usage,
    untoldAttempts: status.untoldAttempts,
    spending: status.spending,
    budget: status.budget,
  };
}
