import { groupedBy } from '../grouped-by';
import type { ResolvedAgent } from '../model';
import type { ObservedAttempt } from './event-log';
import { epochOf, revokedProofs } from './ledger';
import type { AttemptRecord, BundleFacts, OpenQuestion, WaveEvidence } from './wave-evidence';
import type { UnitFailure, UnitState, UnitStatus } from './wave-state';

/** Evidence in its reduced order, with what was folded out of it. */
export interface UnitEvidence extends WaveEvidence {
  /** In order of unit and attempt. */
  attempts: readonly AttemptRecord[];
  observed: readonly ObservedAttempt[];
  questions: readonly OpenQuestion[];
  landed: boolean;
}

/** Where every unit of the wave stands, in wave order; `closureState` is filled in by the wave as a whole. */
export function reduceUnits(evidence: UnitEvidence): UnitState[] {
  const revoked = revokedProofs(evidence.ledger);
  const attempts = groupedBy(evidence.attempts, ({ predicate }) => predicate.agentId);
  const observed = groupedBy(evidence.observed, ({ unitId }) => unitId);
  const bundles = groupedBy(evidence.bundles, ({ unitId }) => unitId);
  return evidence.wave.agents.map((unit) =>
    reduceUnit(evidence, unit, {
      revoked,
      attempts: attempts.get(unit.unitId) ?? [],
      observed: observed.get(unit.unitId) ?? [],
      bundles: bundles.get(unit.unitId) ?? [],
    }),
  );
}

/** Evidence of one unit alone. */
interface OwnEvidence extends Pick<UnitEvidence, 'attempts' | 'observed' | 'bundles'> {
  revoked: ReadonlySet<string>;
}

function reduceUnit(
  evidence: UnitEvidence,
  unit: ResolvedAgent,
  { revoked, attempts, observed, bundles }: OwnEvidence,
): UnitState {
  const workKey = evidence.workKeys[unit.unitId] ?? null;
  const numbers = new Set([
    ...attempts.map(({ predicate }) => predicate.attempt),
    ...observed.map(({ attempt }) => attempt),
  ]);
  const proof = proofOf(bundles, workKey, revoked);
  const failures = proof ? [] : failuresOf(evidence, unit, attempts);
  const epoch = epochOf(evidence.ledger, unit);
  const judgedNow = (evidence.failures ?? []).some(({ unitId }) => unitId === unit.unitId);
  const running = !judgedNow && (evidence.running ?? []).includes(unit.unitId);
  const facts = {
    running,
    workKey,
    proof,
    failures,
    attempts,
    observed,
    epoch,
    numbers,
    landed: evidence.landed,
  };
  return {
    unitId: unit.unitId,
    agentId: unit.agentId,
    target: unit.target,
    title: unit.title,
    role: unit.role,
    stage: unit.stage,
    implementationOwning: unit.implementationOwning,
    dependsOn: [...unit.dependsOn],
    status: evidence.questions.some(({ agentId }) => agentId === unit.unitId) ? 'asking' : statusOf(facts),
    closureState: 'open',
    workKey,
    proof,
    executor: {
      id: unit.executor.id,
      sticky: unit.executor.retryPolicy === 'sticky',
      fallbacks: [...unit.executor.fallbacks],
      tried: [...new Set(attempts.map(({ predicate }) => predicate.executor.id))].sort(),
    },
    attempts: numbers.size,
    lastAttempt: numbers.size === 0 ? null : Math.max(...numbers),
    epoch,
    repairedFor: judgementsOf(evidence, unit, epoch),
    failures,
  };
}

function judgementsOf({ ledger }: UnitEvidence, unit: ResolvedAgent, epoch: string | null): string[] {
  const entry = ledger.find((one) => one.type === 'retry.applied' && one.id === epoch);
  if (entry?.type !== 'retry.applied') return [];
  const own = (entry.inbox ?? []).filter(({ agentId }) => agentId === unit.unitId);
  return [...new Set(own.flatMap(({ judgements }) => judgements ?? []))].sort();
}

/** The proof of exactly this work key that nobody revoked; of several the one with the smallest digest, in any order. */
function proofOf(
  bundles: readonly BundleFacts[],
  workKey: string | null,
  revoked: ReadonlySet<string>,
): BundleFacts | null {
  const fitting = bundles.filter((bundle) => bundle.workKey === workKey && !revoked.has(bundle.proofDigest));
  return fitting.sort((a, b) => (a.proofDigest < b.proofDigest ? -1 : 1))[0] ?? null;
}

/** What the last attempt for this key was refused for; what the running task has just failed with counts as later. */
function failuresOf(
  evidence: UnitEvidence,
  unit: ResolvedAgent,
  attempts: readonly AttemptRecord[],
): UnitFailure[] {
  const workKey = evidence.workKeys[unit.unitId] ?? null;
  const now = (evidence.failures ?? [])
    .filter(({ unitId }) => unitId === unit.unitId)
    .flatMap(({ failures }) => failures);
  if (now.length > 0) return now.map(({ code, message }) => ({ code, message }));
  const last = attempts.filter(({ predicate }) => predicate.workKey === workKey).at(-1)?.predicate;
  if (last?.state !== 'not_proven') return [];
  return last.failures.map(({ code, message }) => ({ code, message }));
}

function statusOf(facts: {
  running: boolean;
  workKey: string | null;
  proof: BundleFacts | null;
  failures: readonly UnitFailure[];
  attempts: readonly AttemptRecord[];
  observed: readonly ObservedAttempt[];
  epoch: string | null;
  numbers: ReadonlySet<number>;
  landed: boolean;
}): UnitStatus {
  const { workKey, proof, failures, attempts, observed, epoch, numbers } = facts;
  if (facts.landed || proof !== null) return 'proven';
  if (facts.running) return 'running';
  if (workKey === null) return failures.length > 0 ? 'failed' : 'waiting';
  const last = attempts.filter(({ predicate }) => predicate.workKey === workKey).at(-1)?.predicate;
  if (failures.length > 0 || last?.state === 'not_proven') return 'failed';
  const begun = last !== undefined || observed.some((attempt) => attempt.workKey === workKey);
  if (begun) return 'interrupted';
  return numbers.size > 0 || epoch !== null ? 'outdated' : 'never-run';
}
