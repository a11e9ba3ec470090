import { join } from 'node:path';
import type { GateReason, Handoff, Stage, Verdict } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { reportPathsOf } from '../../gates/registry';
import { isHeldToEvidence } from '../../gates/steward-evidence';
import type { StageFacts } from '../../gates/judge-stages';
import type { Snapshot } from '../../edges/git/contracts';
import type { Base } from '../slices/base';
import type { Dependencies } from '../slices/dependency-slices';
import { readBenchmarkCatalog, readMatrix } from './merged-documents';
import type { Session } from '../session/session';
import type { Slice } from '../slices/slices';
import { mergeOrConflict } from '../slices/merge-or-conflict';
import { readWork } from './wave-work';

/** What a stage brings to its gates. */
export interface StageEntry {
  stage: Stage;
  upstream: Verdict | null;
  openDependencies: Dependencies['open'];
  /** Handoffs of the stage's units whose proof is there. */
  handoffs: Handoff[];
  expectedWorkKeys: Record<string, string>;
  /** Of other waves, of earlier stages and of this one, in this order. */
  slices: Slice[];
}

/** Where slices are merged and how the result is known to work. */
export interface StageGround {
  /** Taken when it is first needed. */
  snapshot(): Promise<Result<Snapshot>>;
  /** Folder of its own; the caller removes it. */
  home: string;
  /** What is against the merged tree. A gate task runs the proof commands; whoever only looks asks what is stored. */
  prove(entry: StageEntry, base: Base): Promise<Result<readonly GateReason[]>>;
  /** Called while the merged tree is there; its base is null after a conflict. */
  keep?(entry: StageEntry, base: Base | null): Promise<Result<void>>;
}

/**
 * Everything that the gates of a stage look at, gathered in the same way for the gate task and for those who judge in
 * memory. A stage that is not complete is judged without merging, by the documents as they are in the workspace.
 */
export async function gatherFacts(
  session: Session,
  entry: StageEntry,
  ground: StageGround,
): Promise<Result<StageFacts>> {
  const { stage, handoffs, openDependencies, slices, expectedWorkKeys } = entry;
  const units = session.wave.agents.filter((agent) => agent.stage === stage);
  const facts: StageFacts = {
    openDependencies: openDependencies.map(({ project, failure }) => ({ project, detail: failure.message })),
    handoffs,
    ledger: session.ledger,
    matrix: null,
    mergeFindings: [],
    expectedWorkKeys,
    benchmarkCatalog: null,
  };
  const documents = session.wave.promotions.length > 0 || session.wave.evalTargets.length > 0;
  if (openDependencies.length > 0 || (handoffs.length < units.length && !documents)) return ok(facts);
  const snapshot = await ground.snapshot();
  if (!snapshot.ok) return snapshot;
  if (handoffs.length < units.length)
    return ok({ ...facts, ...(await readDocuments(session, snapshot.value)) });
  const into = join(ground.home, `merge-${stage}`);
  const merged = await mergeOrConflict(session, { snapshot: snapshot.value, slices, into });
  if (!merged.ok) return merged;
  if ('conflict' in merged.value) {
    const kept = await ground.keep?.(entry, null);
    return kept && !kept.ok ? kept : ok({ ...facts, mergeFindings: [merged.value.conflict] });
  }
  const { base } = merged.value;
  const proved = await ground.prove(entry, base);
  if (!proved.ok) return proved;
  const kept = await ground.keep?.(entry, base);
  if (kept && !kept.ok) return kept;
  const held = units.some((agent) => isHeldToEvidence(session.wave, agent));
  const work = held ? await readWork(session, entry, base) : null;
  if (work !== null && !work.ok) return work;
  return ok({
    ...facts,
    ...(await readDocuments(session, base)),
    mergeFindings: proved.value,
    reports: await reportsPresent(session, entry, base),
    ...(work === null ? {} : { work: work.value }),
  });
}

async function readDocuments(session: Session, tree: { tree: string; objectDir: string }) {
  return {
    matrix: await readMatrix(session, tree),
    benchmarkCatalog: await readBenchmarkCatalog(session, tree),
  };
}

/** A trailing `/` asks for any file that the slices leave below it. */
async function reportsPresent(
  session: Session,
  { stage, slices }: StageEntry,
  base: Base,
): Promise<Record<string, boolean>> {
  const { edges } = session;
  const artifacts = slices.flatMap((slice) => slice.artifacts.map(({ path }) => path));
  const changed = slices.flatMap(({ changes }) => changes);
  const written = changed.flatMap(({ path, after }) => (after ? [path] : []));
  // What else than a regular file has been made of a path, or nothing, is for git to tell.
  const other = changed.flatMap(({ path, after }) => (after && after.mode !== '120000' ? [] : [path]));
  const present: Record<string, boolean> = {};
  for (const path of reportPathsOf(session.wave, stage)) {
    if (path.endsWith('/')) {
      present[path] = [...artifacts, ...written].some((one) => one.startsWith(path));
      continue;
    }
    if (artifacts.includes(path) || (written.includes(path) && !other.includes(path))) {
      present[path] = true;
      continue;
    }
    const found = await edges.git.readFileAt(session.repo, base, path);
    present[path] = found.ok && found.value !== null;
  }
  return present;
}
