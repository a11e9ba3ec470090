import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
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
import { presentStages } from '../../core/wave-order';
import { removePath } from '../../edges/files/remove';
import { writeDurable } from '../../edges/files/write-file';
import { bundleFiles } from '../../edges/store/bundle';
import { readVerdict } from '../slices/gate-files';
import { takeSnapshot } from '../slices/base';
import { retryRead } from '../session/retry-read';
import { showFolder } from '../slices/show-folder';
import { type Session } from '../session/session';
import { readStageSlices } from '../slices/stage-slices';
import { proveMergedTree } from '../slices/tree-proof';
import type { ProveRecord } from '../slices/prove-record';

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
  const written = await writeDurable(session.at(paths.prove), `${canonicalJson(proved.value)}\n`);
  return written.ok ? proved : err([written.error]);
}

async function proveWave(session: Session): Promise<Result<ProveRecord, Failure[]>> {
  const { edges, paths, wave } = session;
  const last = presentStages(wave).at(-1);
  if (last === undefined) return err([failure('wave-no-agents', `${wave.identity.project} names no agent.`)]);
  const verdict = await retryRead(edges, () => readVerdict(session, last));
  if (!verdict.ok) return err([verdict.error]);
  const slices = await retryRead(edges, () => readStageSlices(session, last));
  if (!slices.ok) return err([slices.error]);
  const home = join(edges.scratchRoot, `${wave.identity.project}-prove-${randomUUID().slice(0, 8)}`);
  try {
    const snapshot = await takeSnapshot(session, join(home, 'snapshot'));
    if (!snapshot.ok) return err([snapshot.error]);
    const keep = async (base: {
      tree: string;
      objectDir: string;
    }): Promise<Result<Pick<ProveRecord, 'changes' | 'patchSha256'>>> => {
      const diff = await edges.git.diffTrees(session.repo, base.objectDir, snapshot.value.tree, base.tree);
      if (!diff.ok) return diff;
      const { changes, patch } = diff.value;
      const folder = join(home, 'shown');
      const written = await writeDurable(join(folder, bundleFiles.patch), patch);
      if (!written.ok) return written;
      if (changes.length > 0) {
        const packed = await edges.git.packObjects(
          session.repo,
          base.objectDir,
          changes,
          join(folder, bundleFiles.objects),
        );
        if (!packed.ok) return packed;
      }
      const shown = await showFolder(session, folder, session.at(paths.proveDir));
      if (!shown.ok) return shown;
      return ok({ changes, patchSha256: sha256(patch) });
    };
    const proved = await proveMergedTree(session, snapshot.value, slices.value, keep);
    if (!proved.ok) return err([proved.error]);
    const conflict = 'conflict' in proved.value;
    const results = 'results' in proved.value ? proved.value.results : [];
    const reasons = 'conflict' in proved.value ? [proved.value.conflict] : proved.value.reasons;
    for (const { command, outcome } of results) {
      const note =
        'remembered' in proved.value && proved.value.remembered ? ' (this tree was proved before)' : '';
      edges.print(`${outcome === 'passed' ? 'proved' : 'not proved'} on the merged tree: ${command}${note}`);
    }
    const record: ProveRecord = {
      schemaVersion: 1,
      wave: wave.identity.project,
      ok: reasons.length === 0,
      upstream: digestOf(verdict.value),
      tree: 'base' in proved.value ? proved.value.base.tree : null,
      baseTree: snapshot.value.tree,
      changes: 'kept' in proved.value && proved.value.kept ? proved.value.kept.changes : [],
      patchSha256: conflict || !('kept' in proved.value) ? null : (proved.value.kept?.patchSha256 ?? null),
      commands: results.map(({ command, outcome, exitCode }) => ({ command, outcome, exitCode })),
      reasons,
    };
    return ok(record);
  } finally {
    await removePath(home);
  }
}
