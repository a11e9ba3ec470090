import { inBuildingOrder } from '../../core/wave-order';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { isLedgerPath } from '../../core/runner-paths';
import type { Snapshot } from '../../edges/git/contracts';
import { describeWriteError } from '../../edges/files/io-errors';
import { readText } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import { linkFirst, writeDurable } from '../../edges/files/write-file';
import type { Session } from '../session/session';
import type { Slice } from './slices';

/** A tree to start from, and the objects that the repository itself does not have. */
export interface Base {
  tree: string;
  objectDir: string;
  indexFile: string | null;
  parentCommit: string | null;
}

/** `head` where `CI` is set: there the checked-out commit is what everyone means. */
export function snapshotMode(env: Readonly<Record<string, string>>): 'worktree' | 'head' {
  return env['CI'] ? 'head' : 'worktree';
}

/** The workspace as it is now. */
export async function takeSnapshot(session: Session, into: string): Promise<Result<Snapshot>> {
  const { edges } = session;
  const snapshot = await edges.git.snapshot(session.repo, {
    mode: snapshotMode(edges.env),
    into,
    exclude: [session.wave.identity.stateRoot],
  });
  if (snapshot.ok) for (const warning of snapshot.value.warnings) edges.print(`warning: ${warning.message}`);
  return snapshot;
}

/**
 * The snapshot that all agents of one Nx command share: the first one records it, so that an edit made while the wave
 * runs does not give two agents two bases.
 */
export async function runSnapshot(session: Session): Promise<Result<Snapshot>> {
  const { edges } = session;
  const folder = join(edges.scratchRoot, 'runs', edges.runId);
  const record = join(folder, 'snapshot.json');
  const known = await readText(record);
  if (known !== null) return ok(JSON.parse(known) as Snapshot);
  try {
    await edges.git.claimFolder(folder, edges.runOwner);
  } catch (error) {
    return err(describeWriteError(folder, error));
  }
  const taken = await takeSnapshot(session, join(folder, `snapshot-${randomUUID()}`));
  if (!taken.ok) return taken;
  const draft = `${record}.${randomUUID()}`;
  const written = await writeDurable(draft, JSON.stringify({ ...taken.value, warnings: [] }));
  if (!written.ok) return written;
  try {
    if (await linkFirst(draft, record)) return taken;
    return ok(JSON.parse((await readText(record)) ?? '') as Snapshot);
  } finally {
    await removePath(draft);
  }
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
  const { edges } = session;
  if (slices.every((slice) => slice.changes.length === 0)) {
    const { tree, objectDir, indexFile, commit } = snapshot;
    return ok({ tree, objectDir, indexFile, parentCommit: commit });
  }
  const merged = await edges.git.mergeSlices(session.repo, {
    base: snapshot,
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
  return ok({
    tree: merged.value.tree,
    objectDir: merged.value.objectDir,
    indexFile: snapshot.indexFile,
    parentCommit: snapshot.commit,
  });
}
