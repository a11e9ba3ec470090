import { join } from 'node:path';
import { type GateReason, type Handoff, type Verdict } from '@nx-wave/schemas';
import { canonicalJson, ok, type Failure, type Result, type Stage } from '@nx-wave/schemas/plain';
import { makeVerdict } from '../core/state/make-verdict';
import type { StageEvidence } from '../core/state/stage-evidence';
import { judgeGates, reportPathsOf } from '../gates/registry';
import { removePath, writeDurable } from '../edges/files/file-edge';
import { bundleFiles } from '../edges/store/bundle';
import { readAgentInputs, readHandoff, readVerdict } from './agent-inputs';
import { takeSnapshot, type Base } from './base';
import { dependencySlices } from './dependency-slices';
import type { Edges } from './edges';
import { readBenchmarkCatalog, readMatrix } from './merged-documents';
import { showFolder } from './record-attempt';
import { patiently } from './patiently';
import { previousStage, type Session } from './session';
import { allChanges, findProof, sliceOf, writeSlices, type Slice } from './slices';
import { readStageSlices } from './stage-slices';
import { mergeOrConflict, proveMergedTree } from './tree-proof';
import { randomUUID } from 'node:crypto';

/** A gate task's end: the verdict, whether it passed or not. */
export type GateReport = Result<Verdict, Failure[]>;

/**
 * Judges one stage from handoffs, the verdict before it and the ledger. The stage `implementation` also proves the
 * merged tree, before any steward is paid.
 */
export async function runGate(session: Session, stage: Stage, edges: Edges): Promise<GateReport> {
  const [verdict, folder] = [session.paths.verdict(stage), session.paths.gateDir(stage)].map(session.at);
  let kept = false;
  // What stands there stays until there is something new: another command may be launching the same wave.
  const judged = await judgeStage(session, stage, edges, async (slices, base) => {
    kept = base !== null;
    return base === null ? ok(undefined) : keepSlices(session, stage, slices, base, edges);
  });
  if (!judged.ok) await removePath(verdict ?? '');
  if (!judged.ok || !kept) await removePath(folder ?? '');
  if (!judged.ok) return judged;
  const written = await writeDurable(
    session.at(session.paths.verdict(stage)),
    `${canonicalJson(judged.value)}\n`,
  );
  return written.ok ? judged : { ok: false, error: [written.error] };
}

/**
 * The verdict of a stage from what is stored, made and not written: proof commands run only where this merged tree has
 * not been proved before. `keep` is called while the merged tree is still there; its base is null after a conflict.
 */
export async function judgeStage(
  session: Session,
  stage: Stage,
  edges: Edges,
  keep: (slices: Slice[], base: Base | null) => Promise<Result<void>> = async () => ok(undefined),
): Promise<GateReport> {
  const gathered = await patiently(edges, () => gatherStage(session, stage));
  if (!gathered.ok) return gathered;
  const { upstream, handoffs, slices } = gathered.value;
  const home = join(edges.scratchRoot, `${session.wave.identity.project}-gate-${randomUUID().slice(0, 8)}`);
  try {
    const snapshot = await takeSnapshot(session, edges, join(home, 'snapshot'));
    if (!snapshot.ok) return { ok: false, error: [snapshot.error] };
    const mergeFindings: GateReason[] = [];
    const merged = await mergeOrConflict(session, snapshot.value, slices, join(home, 'merge'), edges);
    if (!merged.ok) return { ok: false, error: [merged.error] };
    let base: Base | null = null;
    if ('conflict' in merged.value) mergeFindings.push(merged.value.conflict);
    else base = merged.value.base;
    if (base !== null && stage === 'implementation') {
      const proved = await proveMergedTree(session, snapshot.value, slices, edges);
      if (!proved.ok) return { ok: false, error: [proved.error] };
      if ('reasons' in proved.value) {
        mergeFindings.push(...proved.value.reasons);
        printProof(proved.value, edges);
      }
    }
    const evidence: StageEvidence = {
      wave: session.wave,
      stage,
      handoffs,
      upstream,
      ledger: session.ledger,
      matrix: base === null ? null : await readMatrix(session, base, edges),
      reports: base === null ? {} : await reportsPresent(session, stage, slices, base, edges),
      mergeFindings,
      expectedWorkKeys: await expectedWorkKeys(session, stage),
      benchmarkCatalog: base === null ? null : await readBenchmarkCatalog(session, base, edges),
    };
    const verdict = makeVerdict(evidence, judgeGates(evidence));
    const kept = await keep(slices, base);
    return kept.ok ? ok(verdict) : { ok: false, error: [kept.error] };
  } finally {
    await removePath(home);
  }
}

function printProof(
  proved: { results: { command: string; outcome: string }[]; remembered: boolean },
  edges: Edges,
): void {
  const note = proved.remembered ? ' (this tree was proved before)' : '';
  for (const { command, outcome } of proved.results) {
    edges.print(`${outcome === 'passed' ? 'proved' : 'not proved'} on the merged tree: ${command}${note}`);
  }
}

interface Gathered {
  upstream: Verdict | null;
  handoffs: Handoff[];
  /** Cumulative: earlier stages, then this one in wave order. */
  slices: Slice[];
}

async function gatherStage(session: Session, stage: Stage): Promise<Result<Gathered, Failure[]>> {
  const previous = previousStage(session.wave, stage);
  const failures: Failure[] = [];
  let upstream: Verdict | null = null;
  const slices: Slice[] = [];
  if (previous !== null) {
    const verdict = await readVerdict(session, previous);
    const earlier = await readStageSlices(session, previous);
    if (verdict.ok) upstream = verdict.value;
    else failures.push(verdict.error);
    if (earlier.ok) slices.push(...earlier.value);
    else failures.push(earlier.error);
  } else {
    const dependencies = await dependencySlices(session);
    if (dependencies.ok) slices.push(...dependencies.value);
    else failures.push(dependencies.error);
  }
  const handoffs: Handoff[] = [];
  for (const agent of session.wave.agents.filter((one) => one.stage === stage)) {
    const handoff = await readHandoff(session, agent.unitId);
    if (!handoff.ok) {
      failures.push(handoff.error);
      continue;
    }
    handoffs.push(handoff.value);
    const proof = await findProof(session, handoff.value);
    if (proof.ok) slices.push(sliceOf(proof.value));
    else failures.push(proof.error);
  }
  return failures.length > 0 ? { ok: false, error: failures } : ok({ upstream, handoffs, slices });
}

/** The keys that the present specs ask for: a handoff of another spec is stale, however it got there. */
async function expectedWorkKeys(session: Session, stage: Stage): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const agent of session.wave.agents.filter((one) => one.stage === stage)) {
    const inputs = await readAgentInputs(session, agent);
    if (inputs.ok) keys[agent.unitId] = inputs.value.workKey;
  }
  return keys;
}

async function reportsPresent(
  session: Session,
  stage: Stage,
  slices: Slice[],
  base: Base,
  edges: Edges,
): Promise<Record<string, boolean>> {
  const artifacts = slices.flatMap((slice) => slice.artifacts.map(({ path }) => path));
  const present: Record<string, boolean> = {};
  for (const path of reportPathsOf(session.wave, stage)) {
    const inArtifacts = artifacts.some((one) => (path.endsWith('/') ? one.startsWith(path) : one === path));
    present[path] = inArtifacts || (await existsInTree(session, base, path, edges));
  }
  return present;
}

/** The cumulative slices with their objects and a readable patch, for later stages on any machine. */
async function keepSlices(
  session: Session,
  stage: Stage,
  slices: Slice[],
  base: Base,
  edges: Edges,
): Promise<Result<void>> {
  const draft = join(
    edges.scratchRoot,
    `${session.wave.identity.project}-slices-${randomUUID().slice(0, 8)}`,
  );
  try {
    const written = await writeSlices(draft, slices);
    if (!written.ok) return written;
    const changes = allChanges(slices);
    if (changes.length > 0) {
      const pack = join(draft, bundleFiles.objects);
      const packed = await edges.git.packObjects(session.repo, base.objectDir, changes, pack);
      if (!packed.ok) return packed;
    }
    return await showFolder(session, draft, session.at(session.paths.gateDir(stage)));
  } finally {
    await removePath(draft);
  }
}

async function existsInTree(session: Session, base: Base, path: string, edges: Edges): Promise<boolean> {
  const found = await edges.git.readFileAt(session.repo, base, path);
  return found.ok && found.value !== null;
}
