import type { GateReason, Stage, Verdict } from '@nx-wave/schemas';
import { canonicalJson, stages } from '@nx-wave/schemas/plain';
import { foldEvents } from './event-log';
import { presentStages } from '../wave-order';
import { isLanded, sortLedger } from './ledger';
import { openRecords } from './open-records';
import { reduceQuestions } from './reduce-questions';
import { reduceTasks } from './reduce-tasks';
import { reduceUnits } from './reduce-units';
import type { AttemptRecord, OpenQuestion, WaveEvidence } from './wave-evidence';
import type { UnitState, WavePhase, WaveState } from './wave-state';

/** Reduces stored state to the state of the wave. Pure, idempotent, and the same for every order of its evidence. */
export function reduceWave(evidence: WaveEvidence): WaveState {
  const { wave, prove } = evidence;
  const ledger = sortLedger(evidence.ledger);
  const verdicts = verdictChain(evidence.verdicts);
  const landed = isLanded(ledger);
  const attempts = sortAttempts(evidence.attempts);
  const observed = foldEvents(evidence.events, wave.identity.project);
  const questions = landed ? [] : reduceQuestions({ ...evidence, attempts, ledger });
  const present = presentStages(wave);
  const passed = verdicts.length === present.length && verdicts.every(({ ok }) => ok);
  const drafts = reduceUnits({ ...evidence, ledger, attempts, observed, questions, landed });
  const closureReady =
    passed && prove?.ok === true && prove.tree !== null && drafts.every(({ status }) => status === 'proven');
  const units = drafts.map((unit): UnitState => ({
    ...unit,
    closureState: closureState(unit, { closureReady, landed, closed: evidence.closed === true }),
  }));
  const open = landed ? [] : openRecords(wave, verdicts.at(-1)?.agents ?? [], ledger);
  const reasons = landed ? [] : (verdicts.find(({ ok }) => !ok)?.reasons ?? prove?.reasons ?? []);
  const phase = phaseOf({
    landed,
    closed: evidence.closed === true && closureReady,
    closureReady,
    questions,
    verdicts,
    reasons,
    present,
  });
  return {
    schemaVersion: 1,
    wave: wave.identity.project,
    waveNumber: wave.identity.waveNumber,
    lane: wave.identity.lane,
    phase,
    state: phase === 'landed' || phase === 'closed' ? 'completed' : isHeldUp(phase) ? 'blocked' : 'running',
    landed,
    closureReady,
    runtimeMixTargets: { ...wave.settings.runtimeMixTargets },
    units,
    tasks: reduceTasks({ wave, units, openRecords: open, questions, landed, closureReady }),
    verdicts,
    prove,
    reasons: [...reasons],
    advisories: landed
      ? []
      : [...(evidence.advisories ?? []), ...verdicts.flatMap(({ advisories }) => advisories)],
    questions,
    openRecords: open,
    facts: (verdicts.at(-1)?.agents ?? []).flatMap(({ agentId, facts }) =>
      facts.map((fact) => ({ ...fact, by: agentId })),
    ),
  };
}

/** One verdict per stage, in order, up to the first that did not pass: what comes after it was judged on something else. */
function verdictChain(verdicts: readonly Verdict[]): Verdict[] {
  const inOrder = stages.flatMap((stage) => {
    const found = verdicts.filter((verdict) => verdict.stage === stage);
    return found.sort((a, b) => compare(canonicalJson(a), canonicalJson(b))).slice(0, 1);
  });
  const open = inOrder.findIndex(({ ok }) => !ok);
  return open < 0 ? inOrder : inOrder.slice(0, open + 1);
}

function sortAttempts(attempts: readonly AttemptRecord[]): AttemptRecord[] {
  const byDigest = new Map(attempts.map((attempt) => [attempt.proofDigest, attempt]));
  return [...byDigest.values()].sort(
    (a, b) =>
      compare(a.predicate.agentId, b.predicate.agentId) ||
      a.predicate.attempt - b.predicate.attempt ||
      compare(a.proofDigest, b.proofDigest),
  );
}

function closureState(
  unit: UnitState,
  { closureReady, landed, closed }: { closureReady: boolean; landed: boolean; closed: boolean },
): UnitState['closureState'] {
  if (landed || (closed && closureReady)) return 'closed';
  if (unit.proof !== null) return closureReady ? 'wave_closure_ready' : 'owned_slice_proven';
  return unit.status === 'failed' ? 'failed' : 'open';
}

function phaseOf(facts: {
  landed: boolean;
  closed: boolean;
  closureReady: boolean;
  questions: readonly OpenQuestion[];
  verdicts: readonly Verdict[];
  reasons: readonly GateReason[];
  present: readonly Stage[];
}): WavePhase {
  const { verdicts, present, reasons } = facts;
  if (facts.landed) return 'landed';
  if (facts.closed) return 'closed';
  if (facts.closureReady) return 'ready';
  if (facts.questions.length > 0) return 'clarifying';
  const standing = reasons.filter(({ repair }) => repair !== 'wait');
  if (standing.length > 0 && standing.every(needsPerson)) return 'blocked';
  const open = present.find((stage) => !verdicts.some((verdict) => verdict.stage === stage && verdict.ok));
  return open ?? 'proving';
}

function needsPerson({ repair, owners }: GateReason): boolean {
  return repair === 'human' || (repair === 'owners' && (owners ?? []).length === 0);
}

function isHeldUp(phase: WavePhase): boolean {
  return phase === 'clarifying' || phase === 'blocked';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
