import { join } from 'node:path';
import { closureSchema, type Closure, type FileChange, type LedgerEntry } from '@nx-wave/schemas';
import {
  canonicalJson,
  digestOf,
  err,
  failure,
  ok,
  sha256,
  type Failure,
  type Result,
} from '@nx-wave/schemas/plain';
import { verdictDigest } from '../../core/digest/verdict-digest';
import { judgeClosure } from '../../core/state/judge-closure';
import { isLanded } from '../../core/state/ledger';
import { readText } from '../../edges/files/read-file';
import { bundleFiles } from '../../edges/store/bundle';
import { makeAnew, readVerdict } from '../slices/gate-files';
import { groundOf, type Base } from '../slices/base';
import { snapshotMode } from '../slices/take-snapshot';
import { dependencySlices } from '../slices/dependency-slices';
import { entryPath, entryText, makeEntry } from '../session/ledger-writer';
import { readProve } from '../slices/prove-record';
import { readLedger, type Session } from '../session/session';
import { parseJson } from '../../core/parse-json';
import type { Slice } from '../slices/slices';
import { readStageSlices } from '../slices/stage-slices';
import { takeChanges } from '../slices/merged-changes';
import { proveMergedTree, type Kept } from '../slices/tree-proof';
import { gatherWave } from './wave-evidence';
import { openHome } from '../slices/scratch-home';

export interface LandOptions {
  mode: 'tree' | 'commit' | 'branch' | 'dry-run';
  branch?: string;
  by: string;
}

export interface LandReport {
  /** Paths as the landing leaves them. */
  changes: FileChange[];
  commit: string | null;
  entry: LedgerEntry | null;
  /** Proved again because the base has moved since the launch. */
  provedAgain: boolean;
}

/**
 * Puts a closed wave into the user's tree. The closure must belong to what is checked out; the merge is made again on
 * today's base and proved again if it is not the proven tree; the change is applied whole or not at all.
 */
export async function runLand(
  session: Session,
  options: LandOptions,
): Promise<Result<LandReport, Failure[]>> {
  const closed = await readClosure(session);
  if (!closed.ok) return err([closed.error]);
  const landed = await everyDependencyLanded(session);
  if (!landed.ok) return err([landed.error]);
  const scratch = await openHome(session, 'land');
  const home = scratch.path;
  try {
    const committed = await groundCommitted(session, options.mode, home);
    if (!committed.ok) return err([committed.error]);
    const merged = await mergeAgain(session, options.mode, { slices: closed.value.slices, home });
    if (!merged.ok) return merged;
    return await apply(session, options, { ...merged.value, closure: closed.value.closure, home });
  } finally {
    await scratch.close();
  }
}

/** A wave lands after those that it builds on. */
async function everyDependencyLanded(session: Session): Promise<Result<void>> {
  const dependencies = await dependencySlices(session);
  if (!dependencies.ok) return dependencies;
  const [first] = dependencies.value;
  if (first === undefined) return ok(undefined);
  const { project } = session.wave.identity;
  return err(
    failure('closure-stale', `${project} builds on ${first.sliceId}, which has not landed.`, {
      place: { wave: project },
      next: `nx run ${first.sliceId}:land`,
    }),
  );
}

/**
 * A commit holds nothing of the uncommitted files that the wave was closed on: where they are still uncommitted, it would
 * be another result than the proven one. Codes: uncommitted-ground.
 */
async function groundCommitted(
  session: Session,
  mode: LandOptions['mode'],
  home: string,
): Promise<Result<void>> {
  const ground = (await readProve(session))?.uncommitted ?? [];
  if ((mode !== 'commit' && mode !== 'branch') || ground.length === 0) return ok(undefined);
  const snapshot = await session.edges.git.snapshot(session.repo, {
    mode: 'worktree',
    into: join(home, 'ground'),
    exclude: [session.wave.identity.stateRoot],
  });
  if (!snapshot.ok) return snapshot;
  const today = new Set(groundOf(snapshot.value));
  const loose = ground.filter((path) => today.has(path));
  return loose.length === 0 ? ok(undefined) : err(uncommittedGround(session, loose));
}

function uncommittedGround(session: Session, paths: string[]): Failure {
  const { project } = session.wave.identity;
  const shown = paths.slice(0, 10).join(', ') + (paths.length > 10 ? `, and ${paths.length - 10} more` : '');
  return failure(
    'uncommitted-ground',
    `${project} was closed on changes that are in no commit: ${shown}. They are not the work of an agent.`,
    {
      place: { wave: project, path: paths[0] ?? '' },
      next: `commit these files, then land again; or put them aside (git stash -u), then nx run ${project}:launch`,
      facts: { paths },
    },
  );
}

/** The slices merged on today's base and proved there, unless this very tree was proved before. */
interface MergedAgain {
  changes: FileChange[];
  packFile: string;
  provedAgain: boolean;
  /** Files of that base that no commit holds. */
  ground: string[];
}

async function mergeAgain(
  session: Session,
  landMode: LandOptions['mode'],
  { slices, home }: { slices: Slice[]; home: string },
): Promise<Result<MergedAgain, Failure[]>> {
  const { edges } = session;
  // A commit holds nothing of the uncommitted work beside it, so that is what has to be proved for it.
  const mode = landMode === 'tree' || landMode === 'dry-run' ? snapshotMode(edges.env) : 'head';
  const snapshot = await edges.git.snapshot(session.repo, {
    mode,
    into: join(home, 'snapshot'),
    exclude: [session.wave.identity.stateRoot],
  });
  if (!snapshot.ok) return err([snapshot.error]);
  const from = snapshot.value.tree;
  const packFile = join(home, bundleFiles.objects);
  const keep = async (base: Base): Promise<Result<Kept>> => {
    const taken = await takeChanges(session, base, { from, packFile });
    return taken.ok ? ok({ changes: taken.value.changes, patchSha256: sha256(taken.value.patch) }) : taken;
  };
  const proved = await proveMergedTree(session, { snapshot: snapshot.value, slices, keep });
  if (!proved.ok) return err([proved.error]);
  if ('conflict' in proved.value) return err([refusal(session, proved.value.conflict)]);
  const { reasons, kept, remembered } = proved.value;
  if (reasons.length > 0) return err(reasons.map((reason) => refusal(session, reason)));
  const ground = groundOf(snapshot.value);
  return ok({ changes: kept.changes, packFile, provedAgain: !remembered, ground });
}

/** All or nothing; the ledger entry goes with it. */
async function apply(
  session: Session,
  { mode, branch, by }: LandOptions,
  { changes, packFile, provedAgain, ground, closure, home }: MergedAgain & { closure: Closure; home: string },
): Promise<Result<LandReport, Failure[]>> {
  let entry: LedgerEntry | null = null;
  const landing = await session.edges.git.applyToWorkspace(
    session.repo,
    {
      changes,
      packFile: changes.length > 0 ? packFile : null,
      mode,
      message: session.wave.commitMessage ?? `Land ${session.wave.identity.project}`,
      ...(branch === undefined ? {} : { branch }),
      recheck: async () => {
        const { entries } = await readLedger(session.at(session.wave.identity.ledgerDir));
        return isLanded(entries) ? err(landedAlready(session)) : ok(undefined);
      },
      extraFiles: (landed) => {
        entry = landedEntry(session, closure, { changes: landed, by });
        return [{ path: entryPath(session, entry), content: entryText(entry) }];
      },
    },
    join(home, 'landing'),
  );
  if (!landing.ok) {
    // The slices fit what the person has, so what HEAD does not fit is the person's own edit.
    const named = landing.error.code === 'merge-conflict' ? (landing.error.facts?.['paths'] ?? []) : [];
    const loose = (named as string[]).filter((path) => ground.includes(path));
    return err([loose.length === 0 ? landing.error : uncommittedGround(session, loose)]);
  }
  return ok({
    changes: landing.value.changes,
    commit: landing.value.commit,
    entry: mode === 'dry-run' ? null : entry,
    provedAgain,
  });
}

function landedAlready({ wave: { identity }, paths }: Session): Failure {
  return failure('wave-landed', `${identity.project} has landed already.`, {
    place: { wave: identity.project, path: paths.closure },
    next: `nx run ${identity.project}:status`,
  });
}

/** The record of the last launch, judged again from what is stored now: another spec or branch makes it another closure. */
async function readClosure(session: Session): Promise<Result<{ closure: Closure; slices: Slice[] }>> {
  const { project } = session.wave.identity;
  const place = { wave: project, path: session.paths.closure };
  if (isLanded(session.ledger)) return err(landedAlready(session));
  const next = `nx run ${project}:launch`;
  const stored = closureSchema.safeParse(parseJson(await readText(session.at(session.paths.closure))));
  if (!stored.success || stored.data.state !== 'closed') {
    return err(
      failure('closure-missing', `${project} is not closed, so there is nothing to land.`, { place, next }),
    );
  }
  const gathered = await gatherWave(session);
  const today = judgeClosure(gathered.closure);
  const conflict = today.reasons.find(({ code }) => code === 'merge-conflict');
  if (conflict) return err(refusal(session, conflict));
  const identity = ({ agents, verdicts }: Closure) =>
    canonicalJson({
      agents: agents.map(({ agentId, workKey, resultDigest }) => ({ agentId, workKey, resultDigest })),
      verdicts,
    });
  const prove = await readProve(session);
  const last = gathered.closure.verdicts.at(-1);
  const same = today.state === 'closed' && identity(today) === identity(stored.data);
  if (!same || prove === null || last === undefined) {
    return err(
      failure(
        'closure-stale',
        `The closure record of ${project} belongs to other specs than those checked out.`,
        { place, next: `${next}; or, where it was launched with --executor, land with the same option` },
      ),
    );
  }
  const verdict = await readVerdict(session, last.stage);
  if (!verdict.ok) return verdict;
  if (verdictDigest(verdict.value) !== verdictDigest(last)) {
    const path = session.paths.verdict(last.stage);
    return err(
      failure('proof-altered', `The verdict at ${path} is not the one that ${project} closed on.`, {
        place: { wave: project, path },
        next: makeAnew(session, 'launch'),
      }),
    );
  }
  const slices = await readStageSlices(session, last.stage);
  return slices.ok ? ok({ closure: stored.data, slices: slices.value }) : slices;
}

function landedEntry(
  session: Session,
  closure: Closure,
  { changes, by }: { changes: readonly FileChange[]; by: string },
): LedgerEntry {
  return makeEntry(session, {
    type: 'wave.landed',
    by,
    reason: `${session.wave.identity.project} was closed on proof and landed.`,
    closureDigest: digestOf(closure),
    changes,
    agents: closure.agents.map(({ agentId, workKey, resultDigest }) => ({
      agentId,
      workKey,
      resultDigest,
    })),
  });
}

function refusal(session: Session, { code, detail }: { code: string; detail: string }): Failure {
  const { project } = session.wave.identity;
  const own =
    code === 'merge-conflict' || code === 'symlink-escape' || code === 'proof-changed-files'
      ? code
      : 'merge-red';
  return failure(own, detail, {
    place: { wave: project },
    next: `nx run ${project}:launch`,
  });
}
