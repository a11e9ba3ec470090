import { join } from 'node:path';
import type { GateReason, Handoff, Verdict } from '@nx-wave/schemas';
import { canonicalJson, ok, type Failure, type Result, type Stage } from '@nx-wave/schemas/plain';
import { stageRules } from '../../core/stages';
import { judgeStage } from '../../gates/judge-stages';
import { copyFile } from '../../edges/files/copy-folder';
import { hashFile } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import { writeUnflushed } from '../../edges/files/write-file';
import { bundleFiles } from '../../edges/store/bundle';
import { readAgentInputs } from '../agent/agent-inputs';
import { readHandoff, readVerdict } from '../slices/gate-files';
import type { Base } from '../slices/base';
import { presentSnapshot, runFolder } from '../slices/run-folder';
import { sharePack } from '../slices/shared-packs';
import { readDependencies } from '../slices/dependency-slices';
import { gatherFacts, type StageEntry, type StageGround } from './judge-stage';
import { retryRead } from '../session/retry-read';
import { showFolder } from '../slices/show-folder';
import { previousStage } from '../../core/wave-order';
import type { Session } from '../session/session';
import { writeRecord } from '../session/write-record';
import { allChanges, findProof, sliceOf, writeSlices, type Slice } from '../slices/slices';
import { readStageSlices } from '../slices/stage-slices';
import { printResults, proveMergedTree, type MergedTreeRequest } from '../slices/tree-proof';
import { openHome } from '../slices/scratch-home';

/** A gate task's end: the verdict, whether it passed or not. */
export type GateReport = Result<Verdict, Failure[]>;

/**
 * Judges one stage from handoffs, the verdict before it and the ledger. The stage `implementation` also proves the
 * merged tree, before any steward is paid.
 */
export async function runGate(session: Session, stage: Stage): Promise<GateReport> {
  const [verdict, folder] = [session.paths.verdict(stage), session.paths.gateDir(stage)].map(session.at);
  let kept = false;
  // What stands there stays until there is something new: another command may be launching the same wave.
  const judged = await judgeFromFiles(session, stage, async (entry, base) => {
    kept = base !== null;
    return base === null ? ok(undefined) : keepSlices(session, entry, base);
  });
  if (!judged.ok) await removePath(verdict ?? '');
  if (!judged.ok || !kept) await removePath(folder ?? '');
  if (!judged.ok) return judged;
  const written = await writeRecord(session, session.at(session.paths.verdict(stage)), {
    text: `${canonicalJson(judged.value)}\n`,
    write: writeUnflushed,
  });
  return written.ok ? judged : { ok: false, error: [written.error] };
}

/**
 * The verdict of a stage from the files that stand before its task, made and not written: proof commands run only where
 * this merged tree has not been proved before.
 */
export async function judgeFromFiles(
  session: Session,
  stage: Stage,
  keep?: StageGround['keep'],
): Promise<GateReport> {
  const { edges } = session;
  const entry = await retryRead(edges, () => readEntry(session, stage));
  if (!entry.ok) return entry;
  const scratch = await openHome(session, 'gate');
  const home = scratch.path;
  try {
    const snapshot = await presentSnapshot(session, join(home, 'snapshot'));
    if (!snapshot.ok) return { ok: false, error: [snapshot.error] };
    const ground: StageGround = {
      snapshot: async () => snapshot,
      home,
      prove: ({ slices }, base) => proveStage(session, stage, { slices, base, snapshot: snapshot.value }),
      ...(keep ? { keep } : {}),
    };
    const facts = await gatherFacts(session, entry.value, ground);
    if (!facts.ok) return { ok: false, error: [facts.error] };
    const { upstream } = entry.value;
    return ok(judgeStage({ ...facts.value, wave: session.wave, stage, upstream }));
  } finally {
    await scratch.close();
  }
}

/** Runs the proof commands on the merged tree; of other stages than `implementation` that is the task of `prove`. */
async function proveStage(
  session: Session,
  stage: Stage,
  tree: MergedTreeRequest,
): Promise<Result<readonly GateReason[]>> {
  if (!stageRules[stage].provesMergedTree) return ok([]);
  const proved = await proveMergedTree(session, tree);
  if (!proved.ok) return proved;
  if ('conflict' in proved.value) return ok([proved.value.conflict]);
  printResults(session, proved.value);
  return ok(proved.value.reasons);
}

/** What the tasks before have left for this stage. Every agent of it has to be proven: Nx runs no gate otherwise. */
async function readEntry(session: Session, stage: Stage): Promise<Result<StageEntry, Failure[]>> {
  const previous = previousStage(session.wave, stage);
  const failures: Failure[] = [];
  let upstream: Verdict | null = null;
  const slices: Slice[] = [];
  const dependencies = await readDependencies(session);
  if (previous === null) slices.push(...dependencies.slices);
  else {
    const verdict = await readVerdict(session, previous);
    const earlier = await readStageSlices(session, previous);
    if (verdict.ok) upstream = verdict.value;
    if (earlier.ok) slices.push(...earlier.value);
    else failures.push(earlier.error);
  }
  const handoffs: Handoff[] = [];
  const expectedWorkKeys: Record<string, string> = {};
  for (const agent of session.wave.agents.filter((one) => one.stage === stage)) {
    // The keys that the present specs ask for: a handoff of another spec is stale, however it got there.
    const inputs = await readAgentInputs(session, agent);
    if (inputs.ok) expectedWorkKeys[agent.unitId] = inputs.value.workKey;
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
  if (failures.length > 0) return { ok: false, error: failures };
  return ok({ stage, upstream, openDependencies: dependencies.open, handoffs, expectedWorkKeys, slices });
}

/** The cumulative slices with their objects and a readable patch, for later stages on any machine. */
async function keepSlices(
  session: Session,
  { stage, slices }: StageEntry,
  base: Base,
): Promise<Result<void>> {
  const scratch = await openHome(session, 'slices');
  const draft = join(scratch.path, 'draft');
  try {
    const written = await writeSlices(draft, slices);
    if (!written.ok) return written;
    const packed = await packSlices(session, slices, { base, home: scratch.path, draft });
    if (!packed.ok) return packed;
    return await showFolder(session, draft, session.at(session.paths.gateDir(stage)));
  } finally {
    await scratch.close();
  }
}

/** One pack with the objects of all slices; that of a single slice is it already. */
async function packSlices(
  session: Session,
  slices: readonly Slice[],
  { base, home, draft }: { base: Base; home: string; draft: string },
): Promise<Result<void>> {
  const packFile = join(draft, bundleFiles.objects);
  const [first, ...others] = slices.filter((slice) => slice.changes.length > 0);
  if (first === undefined) return ok(undefined);
  if (others.length === 0 && first.packFile !== null) return copyFile(first.packFile, packFile);
  const changes = allChanges([...slices]);
  const indexFile = join(home, 'slices.idx');
  const packed = await session.edges.git.packObjects(session.repo, base.objectDir, {
    changes,
    packFile,
    indexFile,
  });
  const sha256 = packed.ok ? await hashFile(indexFile) : null;
  if (sha256 !== null) await sharePack(runFolder(session), { packFile, index: { file: indexFile, sha256 } });
  return packed;
}
