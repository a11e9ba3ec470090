import type { FileChange } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import type { Session } from '../session/session';

/** What a merged tree changes, with all that is needed to apply it elsewhere. */
export interface MergedChanges {
  changes: FileChange[];
  patch: Uint8Array;
}

/** Compares a merged tree with the tree `from` that it was made on; the objects of its changes go into `packFile`. */
export async function takeChanges(
  { edges, repo }: Session,
  base: { tree: string; objectDir: string },
  { from, packFile }: { from: string; packFile: string },
): Promise<Result<MergedChanges>> {
  const diff = await edges.git.diffTrees(repo, base.objectDir, { from, to: base.tree });
  if (!diff.ok) return diff;
  const { changes, patch } = diff.value;
  if (changes.length > 0) {
    const packed = await edges.git.packObjects(repo, base.objectDir, { changes, packFile });
    if (!packed.ok) return packed;
  }
  return ok({ changes, patch });
}
