import { verdictDigest } from '../../core/digest/verdict-digest';
import { join } from 'node:path';
import type { GateReason, Handoff, Verdict } from '@nx-wave/schemas';
import { canonicalJson, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { makeHandoff } from '../../core/digest/result-digest';
import type { ResolvedAgent } from '../../core/model';
import type { BundleFacts } from '../../core/state/wave-evidence';
import { judgedAgents } from '../../core/state/make-verdict';
import { isMergeReason } from '../../core/state/merge-reason';
import { stageRules } from '../../core/stages';
import { judgeStages, mergeUntried, type StageFacts, type StageTurn } from '../../gates/judge-stages';
import type { Snapshot } from '../../edges/git/contracts';
import type { Bundle } from '../../edges/store/bundle';
import { movedAdvisory } from '../agent/context-moved';
import { agentInputsOn, type AgentInputs } from '../agent/agent-inputs';
import { readHandoff, readVerdict } from '../slices/gate-files';
import type { Base } from '../slices/base';
import { presentSnapshot } from '../slices/run-folder';
import { readDependencies } from '../slices/dependency-slices';
import { gatherFacts, type StageEntry, type StageGround } from './judge-stage';
import { storedProof } from '../agent/reuse-proof';
import type { Session } from '../session/session';
import { findProof, sliceOf, type Slice } from '../slices/slices';
import { checksOf } from '../slices/held-out-proof';
import { commandsOf, rememberedProof } from '../slices/tree-proof';
import { openHome } from '../slices/scratch-home';

/** A wave as its stored proof shows it now. */
export interface JudgedWave {
  /** In stage order, up to and including the first that does not pass. */
  verdicts: Verdict[];
  /** The present work key of each unit, as far as it can be known. */
  workKeys: Record<string, string>;
  /** Proven work that is kept although its context has moved. */
  advisories: GateReason[];
  /** The proof of exactly these keys. */
  bundles: BundleFacts[];
}

/**
 * Judges every stage in memory from stored proof, with the same gates and the same facts as the gate tasks. Nothing is
 * run; the only thing written is that the proof store takes in bundles that Nx restored. Whether the merged tree works is
 * asked of what was proved before, and where that is not known the stage waits for its task.
 */
export async function judgeWave(session: Session): Promise<JudgedWave> {
  const { edges } = session;
  const scratch = await openHome(session, 'judge');
  const home = scratch.path;
  const quiet: Session = { ...session, edges: { ...edges, print: () => undefined } };
  const judged: JudgedWave = { verdicts: [], workKeys: {}, advisories: [], bundles: [] };
  const dependencies = await readDependencies(session);
  let slices: Slice[] = dependencies.slices;
  let snapshot: Promise<Result<Snapshot>> | null = null;
  const ground: StageGround = {
    home,
    snapshot: () => (snapshot ??= presentSnapshot(quiet, join(home, 'snapshot'))),
    prove: async (entry, base) => ok(await storedFindings(session, entry, base)),
  };
  const factsOf = async (turn: StageTurn): Promise<StageFacts> => {
    const own = await provenUnits(session, turn);
    slices = [...slices, ...own.slices];
    Object.assign(judged.workKeys, own.workKeys);
    judged.advisories.push(...own.advisories);
    judged.bundles.push(...own.bundles);
    const { handoffs, workKeys: expectedWorkKeys } = own;
    const { stage, upstream } = turn;
    const { open: openDependencies } = dependencies;
    const entry: StageEntry = { stage, upstream, openDependencies, handoffs, expectedWorkKeys, slices };
    const facts = await gatherFacts(quiet, entry, ground);
    return facts.ok ? facts.value : unmerged(session, entry, facts.error);
  };
  try {
    const turns = judgeStages(session.wave);
    let turn = turns.next();
    while (turn.done !== true) turn = turns.next(await factsOf(turn.value));
    return { ...judged, verdicts: turn.value };
  } finally {
    await scratch.close();
  }
}

interface ProvenUnits {
  handoffs: Handoff[];
  slices: Slice[];
  bundles: BundleFacts[];
  workKeys: Record<string, string>;
  /** Proven work that is kept although its context has moved. */
  advisories: GateReason[];
}

/** The units of a stage that are proven on the verdict before it; one that depends on another comes after it. */
async function provenUnits(session: Session, { units, upstream }: StageTurn): Promise<ProvenUnits> {
  const before =
    upstream === null ? null : { stage: upstream.stage, verdict: upstream, digest: verdictDigest(upstream) };
  const proven = new Map<string, { handoff: Handoff; bundle: Bundle }>();
  const workKeys: Record<string, string> = {};
  const advisories: GateReason[] = [];
  const waiting = [...units];
  for (;;) {
    const at = waiting.findIndex(({ dependsOn }) => dependsOn.every((unitId) => proven.has(unitId)));
    const [unit] = at < 0 ? [] : waiting.splice(at, 1);
    if (unit === undefined) break;
    const built = unit.dependsOn.flatMap((unitId) => proven.get(unitId)?.handoff ?? []);
    const inputs = await agentInputsOn(session, unit, { upstream: before, handoffs: built });
    workKeys[unit.unitId] = inputs.workKey;
    if (inputs.moved.length > 0) advisories.push(movedAdvisory(session, unit, inputs));
    const found = await currentProof(session, unit, inputs);
    if (found !== null) proven.set(unit.unitId, found);
  }
  const inOrder = units.flatMap((unit) => proven.get(unit.unitId) ?? []);
  return {
    workKeys,
    advisories,
    handoffs: inOrder.map(({ handoff }) => handoff),
    slices: inOrder.map(({ bundle }) => sliceOf(bundle)),
    bundles: inOrder.map(({ handoff, bundle }) => ({
      unitId: handoff.agentId,
      workKey: handoff.workKey,
      resultDigest: handoff.resultDigest,
      proofDigest: bundle.proofDigest,
      proofBundleId: bundle.manifest.predicate.proofBundleId,
    })),
  };
}

/** What the unit has handed off for these keys, or would hand off at once because the store has the proof. */
async function currentProof(
  session: Session,
  unit: ResolvedAgent,
  inputs: AgentInputs,
): Promise<{ handoff: Handoff; bundle: Bundle } | null> {
  const left = await readHandoff(session, unit.unitId);
  if (left.ok && left.value.workKey === inputs.workKey) {
    const proof = await findProof(session, left.value);
    if (proof.ok) return { handoff: left.value, bundle: proof.value };
  }
  const { found } = await storedProof(session, unit, { inputs, fetch: false });
  if (found === null) return null;
  const { changes, artifacts, strength } = found.bundle.manifest.predicate;
  const { workKey } = inputs;
  const result = { workKey, envelope: found.envelope, changes, artifacts, strength };
  const handoff = makeHandoff({ agent: unit, wave: session.wave, ...result });
  const proof = await findProof(session, handoff);
  return proof.ok ? { handoff, bundle: proof.value } : null;
}

/** What is known of the merged tree of the implementation stage: green on this tree, or what its gate task last found. */
async function storedFindings(
  session: Session,
  entry: StageEntry,
  base: Base,
): Promise<readonly GateReason[]> {
  const { stage, slices, upstream, handoffs } = entry;
  const unitIds = slices.map(({ sliceId }) => sliceId);
  if (!stageRules[stage].provesMergedTree) return [];
  if (commandsOf(session, unitIds).length === 0 && checksOf(session, unitIds).length === 0) return [];
  if ((await rememberedProof(session, base.tree, slices)) !== null) return [];
  const stored = await readVerdict(session, stage, { failed: true });
  if (!stored.ok || canonicalJson(stored.value.agents) !== canonicalJson(judgedAgents(upstream, handoffs)))
    return [mergeUntried(stage)];
  const found = stored.value.reasons.filter(isMergeReason);
  // Where the slices did not even merge, no command has been run.
  return found.some(({ code }) => code === 'merge-conflict') ? [mergeUntried(stage)] : found;
}

/** A workspace that cannot be read as a tree says so where the merge would have spoken. */
function unmerged(session: Session, entry: StageEntry, { code, message }: Failure): StageFacts {
  const { stage, handoffs, expectedWorkKeys } = entry;
  return {
    openDependencies: [],
    handoffs,
    ledger: session.ledger,
    matrix: null,
    mergeFindings: [{ ...mergeUntried(stage), code, detail: message }],
    expectedWorkKeys,
    benchmarkCatalog: null,
  };
}
