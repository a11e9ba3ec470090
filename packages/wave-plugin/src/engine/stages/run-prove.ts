import { verdictDigest } from '../../core/digest/verdict-digest';
import { join } from 'node:path';
import type { GateReason } from '@nx-wave/schemas';
import { err, failure, ok, sha256, type Failure, type Result } from '@nx-wave/schemas/plain';
import { presentStages } from '../../core/wave-order';
import { removePath } from '../../edges/files/remove';
import { writeUnflushed } from '../../edges/files/write-file';
import { bundleFiles } from '../../edges/store/bundle';
import { readVerdict } from '../slices/gate-files';
import { groundOf, type Base } from '../slices/base';
import { presentSnapshot } from '../slices/run-folder';
import { retryRead } from '../session/retry-read';
import { showFolder } from '../slices/show-folder';
import { type Session } from '../session/session';
import { writeRecord } from '../session/write-record';
import { readStageSlices } from '../slices/stage-slices';
import { printResults, proveMergedTree, type Kept, type ProvedTree } from '../slices/tree-proof';
import { takeChanges } from '../slices/merged-changes';
import { printProve, type ProveRecord } from '../slices/prove-record';
import { openHome } from '../slices/scratch-home';

/** Merges every slice on today's base and runs every proof command there. */
export async function runProve(session: Session): Promise<Result<ProveRecord, Failure[]>> {
  const { paths } = session;
  const proved = await proveWave(session);
  // What stood there before stays until there is something new: another command may be launching the same wave.
  if (!proved.ok || proved.value.patchSha256 === null) await removePath(session.at(paths.proveDir));
  if (!proved.ok) {
    await removePath(session.at(paths.prove));
    return proved;
  }
  const written = await writeRecord(session, session.at(paths.prove), {
    text: printProve(proved.value),
  });
  return written.ok ? proved : err([written.error]);
}

async function proveWave(session: Session): Promise<Result<ProveRecord, Failure[]>> {
  const { edges, wave } = session;
  const last = presentStages(wave).at(-1);
  if (last === undefined) return err([failure('wave-no-agents', `${wave.identity.project} names no agent.`)]);
  const verdict = await retryRead(edges, () => readVerdict(session, last));
  if (!verdict.ok) return err([verdict.error]);
  const slices = await retryRead(edges, () => readStageSlices(session, last));
  if (!slices.ok) return err([slices.error]);
  const scratch = await openHome(session, 'prove');
  const home = scratch.path;
  try {
    const snapshot = await presentSnapshot(session, join(home, 'snapshot'));
    if (!snapshot.ok) return err([snapshot.error]);
    const { tree } = snapshot.value;
    const proved = await proveMergedTree(session, {
      snapshot: snapshot.value,
      slices: slices.value,
      keep: (base) => showMergedTree(session, base, { from: tree, folder: join(home, 'shown') }),
    });
    if (!proved.ok) return err([proved.error]);
    if (!('conflict' in proved.value)) printResults(session, proved.value);
    return ok({
      schemaVersion: 1,
      wave: wave.identity.project,
      upstream: verdictDigest(verdict.value),
      baseTree: tree,
      uncommitted: groundOf(snapshot.value),
      ...(wave.settings.proof.home === 'user' ? { home: 'user' as const } : {}),
      ...provedFacts(proved.value),
    });
  } finally {
    await scratch.close();
  }
}

/** Shows the integrated patch and its objects beside the record of `prove`. `folder` is where they are put together. */
async function showMergedTree(
  session: Session,
  base: Base,
  { from, folder }: { from: string; folder: string },
): Promise<Result<Kept>> {
  const taken = await takeChanges(session, base, { from, packFile: join(folder, bundleFiles.objects) });
  if (!taken.ok) return taken;
  const { changes, patch } = taken.value;
  const written = await writeUnflushed(join(folder, bundleFiles.patch), patch);
  if (!written.ok) return written;
  const shown = await showFolder(session, folder, session.at(session.paths.proveDir));
  return shown.ok ? ok({ changes, patchSha256: sha256(patch) }) : shown;
}

/** What the record holds of a merged tree, or of slices that do not merge. */
function provedFacts(proved: ProvedTree | { conflict: GateReason }) {
  if ('conflict' in proved) {
    const reasons = [proved.conflict];
    return { ok: false, tree: null, changes: [], patchSha256: null, commands: [], reasons };
  }
  const { base, results, heldOut, reasons, kept } = proved;
  const commands = results.map(({ command, outcome, exitCode }) => ({ command, outcome, exitCode }));
  return {
    ok: reasons.length === 0,
    tree: base.tree,
    ...kept,
    commands,
    ...(heldOut.length === 0 ? {} : { heldOut }),
    reasons,
  };
}
