import { randomUUID } from 'node:crypto';
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
import { judgeClosure } from '../../core/state/judge-closure';
import { isLanded } from '../../core/state/ledger';
import { readText } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import { bundleFiles } from '../../edges/store/bundle';
import { readVerdict } from '../slices/gate-files';
import { snapshotMode } from '../slices/base';
import { dependencySlices } from '../slices/dependency-slices';
import { entryPath, entryText, makeEntry } from '../session/ledger-writer';
import { readProve } from '../slices/prove-record';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';
import type { Slice } from '../slices/slices';
import { readStageSlices } from '../slices/stage-slices';
import { proveMergedTree, type Kept } from '../slices/tree-proof';
import { gatherWave } from './wave-evidence';

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
  const { edges } = session;
  const closed = await readClosure(session);
  if (!closed.ok) return err([closed.error]);
  const dependencies = await dependencySlices(session);
  if (!dependencies.ok) return err([dependencies.error]);
  const [first] = dependencies.value;
  if (first) {
    return err([
      failure(
        'closure-stale',
        `${session.wave.identity.project} builds on ${first.sliceId}, which has not landed.`,
        {
          place: { wave: session.wave.identity.project },
          next: `nx run ${first.sliceId}:land`,
        },
      ),
    ]);
  }
  const { closure, slices } = closed.value;
  const home = join(edges.scratchRoot, `${session.wave.identity.project}-land-${randomUUID().slice(0, 8)}`);
  try {
    // A commit holds nothing of the uncommitted work beside it, so that is what has to be proved for it.
    const mode = options.mode === 'tree' || options.mode === 'dry-run' ? snapshotMode(edges.env) : 'head';
    const snapshot = await edges.git.snapshot(session.repo, mode, join(home, 'snapshot'), {
      exclude: [session.wave.identity.stateRoot],
    });
    if (!snapshot.ok) return err([snapshot.error]);
    const packFile = join(home, bundleFiles.objects);
    let changes: FileChange[] = [];
    const keep = async (base: { tree: string; objectDir: string }): Promise<Result<Kept>> => {
      const diff = await edges.git.diffTrees(session.repo, base.objectDir, snapshot.value.tree, base.tree);
      if (!diff.ok) return diff;
      changes = diff.value.changes;
      if (changes.length > 0) {
        const packed = await edges.git.packObjects(session.repo, base.objectDir, changes, packFile);
        if (!packed.ok) return packed;
      }
      return ok({ changes, patchSha256: sha256(diff.value.patch) });
    };
    const proved = await proveMergedTree(session, snapshot.value, slices, keep);
    if (!proved.ok) return err([proved.error]);
    const reasons = 'conflict' in proved.value ? [proved.value.conflict] : proved.value.reasons;
    if (reasons.length > 0) return err(reasons.map((reason) => refusal(session, reason.code, reason.detail)));
    let entry: LedgerEntry | null = null;
    const landing = await edges.git.applyToWorkspace(
      session.repo,
      {
        changes,
        packFile: changes.length > 0 ? packFile : null,
        mode: options.mode,
        message: session.wave.commitMessage ?? `Land ${session.wave.identity.project}`,
        ...(options.branch === undefined ? {} : { branch: options.branch }),
        extraFiles: (landed) => {
          entry = landedEntry(session, closure, landed, options.by);
          return [{ path: entryPath(session, entry), content: entryText(entry) }];
        },
      },
      join(home, 'landing'),
    );
    if (!landing.ok) return err([landing.error]);
    return ok({
      changes: landing.value.changes,
      commit: landing.value.commit,
      entry: options.mode === 'dry-run' ? null : entry,
      provedAgain: 'remembered' in proved.value && !proved.value.remembered,
    });
  } finally {
    await removePath(home);
  }
}

/** The record of the last launch, judged again from what is stored now: another spec or branch makes it another closure. */
async function readClosure(session: Session): Promise<Result<{ closure: Closure; slices: Slice[] }>> {
  const { project } = session.wave.identity;
  const place = { wave: project, path: session.paths.closure };
  if (isLanded(session.ledger)) {
    return err(
      failure('wave-landed', `${project} has landed already.`, { place, next: `nx run ${project}:status` }),
    );
  }
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
  if (conflict) return err(refusal(session, conflict.code, conflict.detail));
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
  if (digestOf(verdict.value) !== digestOf(last)) {
    const path = session.paths.verdict(last.stage);
    return err(
      failure('proof-altered', `The verdict at ${path} is not the one that ${project} closed on.`, {
        place: { wave: project, path },
        next: `nx run ${project}:launch --skip-nx-cache`,
      }),
    );
  }
  const slices = await readStageSlices(session, last.stage);
  return slices.ok ? ok({ closure: stored.data, slices: slices.value }) : slices;
}

function landedEntry(
  session: Session,
  closure: Closure,
  changes: readonly FileChange[],
  by: string,
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

function refusal(session: Session, code: string, detail: string): Failure {
  const { project } = session.wave.identity;
  return failure(code === 'merge-conflict' ? 'merge-conflict' : 'merge-red', detail, {
    place: { wave: project },
    next: `nx run ${project}:launch`,
  });
}
