import { verdictDigest } from '../digest/verdict-digest';
import type { Closure, ClosureAgent, FileChange, GateReason, Verdict } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { presentStages } from '../wave-order';
import type { UnitFailures } from './known-failures';
import type { BundleFacts, OpenQuestion, ProveFacts } from './wave-evidence';

export interface ClosureEvidence {
  wave: ResolvedWave;
  /** Verdicts in stage order, as far as there are any. */
  verdicts: readonly Verdict[];
  /** Null when it has not been tried, because a gate before it is open. */
  prove: ProveFacts | null;
  bundles: readonly BundleFacts[];
  changes: readonly FileChange[];
  patchSha256: string | null;
  /** Why units have no proven slice, as far as it is known. */
  failures: readonly UnitFailures[];
  questions: readonly OpenQuestion[];
  landed: boolean;
}

/**
 * Whether the wave is closed: every stage passed, the verdicts chain, every agent has the bundle that its verdict judged,
 * and the merged tree is proved. Otherwise open, with every reason. `next` is left to `nextCommand`, which knows the plan.
 */
export function judgeClosure(evidence: ClosureEvidence): Closure {
  const { wave, verdicts, prove, bundles, questions, landed } = evidence;
  const agents = wave.agents.map((unit) => closureAgent(evidence, unit));
  const slices = failureReasons(evidence);
  const told = new Set(slices.flatMap(({ agentIds }) => agentIds));
  const reasons = [
    ...slices,
    ...verdicts
      .flatMap((verdict) => verdict.reasons)
      .filter(
        ({ code, agentIds }) => code !== 'handoff-missing' || !agentIds.every((unitId) => told.has(unitId)),
      ),
    ...chainReasons(wave, verdicts),
    ...proofReasons(evidence),
    ...(prove?.reasons ?? []),
  ].filter((reason, position, all) => all.findIndex((other) => sameReason(other, reason)) === position);
  const proven = bundles.length > 0 && agents.every(({ proofDigest }) => proofDigest !== null);
  const closed =
    reasons.length === 0 && questions.length === 0 && proven && prove?.ok === true && prove.tree !== null;
  if (!closed && reasons.length === 0 && questions.length === 0) {
    reasons.push(closureReason('merged-tree-unproven', 'The merged tree has not been proved.', 'wait'));
  }
  return {
    schemaVersion: 1,
    wave: wave.identity.project,
    waveNumber: wave.identity.waveNumber,
    lane: wave.identity.lane,
    state: closed ? 'closed' : 'open',
    landed,
    agents: closed ? agents.map((agent) => ({ ...agent, state: 'closed' as const })) : agents,
    verdicts: verdicts.map((verdict) => ({
      stage: verdict.stage,
      ok: verdict.ok,
      digest: verdictDigest(verdict),
    })),
    proof: {
      code: proven ? 'proven' : 'open',
      integration: prove?.ok === true && prove.tree !== null ? 'proven' : 'open',
      deploy: deployProof(wave, verdicts),
    },
    mergedTree: prove?.tree ?? null,
    changes: [...evidence.changes].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    patchSha256: evidence.patchSha256,
    reasons,
    advisories: verdicts.flatMap((verdict) => verdict.advisories),
    questions: questions.map((question) => ({ ...question })),
    next: null,
  };
}

function closureAgent(evidence: ClosureEvidence, unit: ResolvedAgent): ClosureAgent {
  const bundle = evidence.bundles.find(({ unitId }) => unitId === unit.unitId);
  const failed = evidence.failures.some(
    ({ unitId, failures }) => unitId === unit.unitId && failures.length > 0,
  );
  const state = bundle ? 'owned_slice_proven' : failed ? 'failed' : 'open';
  return {
    agentId: unit.unitId,
    role: unit.role,
    stage: unit.stage,
    state,
    workKey: bundle?.workKey ?? null,
    resultDigest: bundle?.resultDigest ?? null,
    proofDigest: bundle?.proofDigest ?? null,
    proofBundleId: bundle?.proofBundleId ?? null,
  };
}

/** A failed slice is told by its own failures, which say more than that its handoff is missing. */
function failureReasons({ wave, failures }: ClosureEvidence): GateReason[] {
  const order = wave.agents.map(({ unitId }) => unitId);
  return [...failures]
    .sort((a, b) => order.indexOf(a.unitId) - order.indexOf(b.unitId))
    .flatMap(({ unitId, failures: found }) =>
      found.map(({ code, message, place }) => ({
        ...closureReason(
          code,
          message,
          code === 'question-unanswered' ? ('human' as const) : ('rerun' as const),
        ),
        gate: 'slice',
        agentIds: [unitId],
        paths: place?.path === undefined ? [] : [place.path],
      })),
    );
}

/** Every stage that has agents has a verdict, in order, each holding the digest of the one before. */
function chainReasons(wave: ResolvedWave, verdicts: readonly Verdict[]): GateReason[] {
  const present = presentStages(wave);
  const missing = present.filter((stage) => verdicts.every((verdict) => verdict.stage !== stage));
  const broken = verdicts.filter((verdict, position) => {
    const before = verdicts[position - 1];
    return verdict.upstream !== (before ? verdictDigest(before) : null);
  });
  return [
    ...broken.map(({ stage }) =>
      closureReason(
        'verdict-chain-broken',
        `The verdict of ${stage} was given on another verdict than the one before it.`,
        'wait',
      ),
    ),
    ...missing.map((stage) =>
      closureReason('verdict-missing', `The ${stage} stage has not been judged.`, 'wait'),
    ),
  ];
}

/** The bundle of every unit is the result that its verdict judged. */
function proofReasons({ wave, verdicts, bundles }: ClosureEvidence): GateReason[] {
  const judged = verdicts.at(-1)?.agents ?? [];
  return wave.agents.flatMap((unit) => {
    const verdict = judged.find(({ agentId, stage }) => agentId === unit.unitId && stage === unit.stage);
    const bundle = bundles.find(({ unitId }) => unitId === unit.unitId);
    if (!verdict || bundle?.resultDigest === verdict.resultDigest) return [];
    const detail = bundle
      ? `The proof bundle of ${unit.unitId} holds another result than the one that was judged.`
      : `${unit.unitId} was judged, but its proof bundle is not on this machine.`;
    return [
      {
        ...closureReason(bundle ? 'bundle-mismatch' : 'bundle-missing', detail, 'wait'),
        agentIds: [unit.unitId],
      },
    ];
  });
}

function closureReason(code: string, detail: string, repair: NonNullable<GateReason['repair']>): GateReason {
  return { gate: 'closure', code, detail, agentIds: [], paths: [], command: null, repair };
}

function sameReason(a: GateReason, b: GateReason): boolean {
  return digestOf(a) === digestOf(b);
}

/** Rollouts, where the wave has any: proven when its gates found nothing against the deploy agents. */
function deployProof(wave: ResolvedWave, verdicts: readonly Verdict[]): Closure['proof']['deploy'] {
  const rollouts = wave.agents.filter(({ traits }) => traits.rollsOut);
  if (rollouts.length === 0) return 'not_applicable';
  const judged = verdicts.flatMap((verdict) => (verdict.ok ? verdict.agents : []));
  const doubted = verdicts.some(({ reasons, advisories }) =>
    [...reasons, ...advisories].some(({ agentIds }) =>
      rollouts.some(({ unitId }) => agentIds.includes(unitId)),
    ),
  );
  const all = rollouts.every(({ unitId }) => judged.some(({ agentId }) => agentId === unitId));
  return all && !doubted ? 'proven' : 'open';
}
