import { inBuildingOrder } from '../../core/wave-order';
import { posix } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { isLedgerPath } from '../../core/runner-paths';
import type { Snapshot } from '../../edges/git/contracts';
import { packageFoldersAfter } from '../../edges/git/package-folders';
import type { Session } from '../session/session';
import { sharedMerge } from './run-folder';
import type { Slice } from './slices';

/** A tree to start from, and the objects that the repository itself does not have. */
export interface Base {
  tree: string;
  objectDir: string;
  indexFile: string | null;
  parentCommit: string | null;
  /** A commit of exactly `tree`; null where none is known. */
  commit: string | null;
  /** The tree of the snapshot, which index and commit belong to. */
  snapshotTree: string;
  packageFolders: readonly string[];
  settings: Snapshot['settings'];
  /** What is held out from agents is not in it; see `sealedBase`. */
  sealed?: true;
}

/** Files of a base that no commit holds. Ledgers are not among them: nothing is built on a decision's file. */
export function groundOf({ uncommitted }: Pick<Snapshot, 'uncommitted'>): string[] {
  return uncommitted.map(({ path }) => path).filter((path) => !isLedgerPath(path));
}

/** Slices to merge onto a snapshot. */
export interface Merge {
  snapshot: Snapshot;
  slices: Slice[];
  /** A folder of its own for the merged objects. */
  into: string;
}

/** Merges slices onto a snapshot; with none, the snapshot itself with its ready index. Codes: merge-conflict. */
export async function mergedBase(session: Session, { snapshot, slices, into }: Merge): Promise<Result<Base>> {
  if (slices.every((slice) => slice.changes.length === 0)) {
    const { tree, objectDir, commit } = snapshot;
    return ok({ tree, objectDir, commit, ...groundOfBase(session, snapshot, []) });
  }
  const merged = await sharedMerge(session, {
    snapshot,
    slices: inBuildingOrder(session.wave, slices),
    into,
  });
  if (!merged.ok) return merged;
  if (!merged.value.ok) {
    const { sliceId, againstIds, paths } = merged.value.conflict;
    const other = againstIds.length > 0 ? againstIds.join(', ') : 'the current working tree';
    return err(
      failure('merge-conflict', `The slice of ${sliceId} conflicts with ${other} in ${paths.join(', ')}.`, {
        place: { wave: session.wave.identity.project, agentId: sliceId },
        next: `nx run ${session.wave.identity.project}:retry --agent ${sliceId} --apply`,
        facts: { sliceId, againstIds, paths },
      }),
    );
  }
  const { tree, objectDir, commit } = merged.value;
  return ok({ tree, objectDir, commit, ...groundOfBase(session, snapshot, slices) });
}

/** What a base has of its snapshot, whatever slices are on it. */
function groundOfBase(
  session: Session,
  { indexFile, commit, tree, packageFolders, settings }: Snapshot,
  slices: readonly Slice[],
): Omit<Base, 'tree' | 'objectDir' | 'commit' | 'sealed'> {
  const folders = packagesWith(session, packageFolders, slices);
  return { indexFile, parentCommit: commit, snapshotTree: tree, packageFolders: folders, settings };
}

/** Package folders of a tree with slices on it. */
export function packagesWith(
  { repo, wave }: Session,
  folders: readonly string[],
  slices: readonly Slice[],
): string[] {
  const changes = inBuildingOrder(wave, [...slices]).flatMap((slice) => slice.changes);
  return packageFoldersAfter(
    folders,
    changes.map(({ path, after }) => ({ path: posix.join(repo.prefix, path), after })),
  );
}
