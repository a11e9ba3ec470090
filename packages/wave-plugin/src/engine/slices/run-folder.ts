import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { digestOf, err, ok, type Result } from '@nx-wave/schemas/plain';
import { parseJson } from '../../core/parse-json';
import { describeWriteError } from '../../edges/files/io-errors';
import { readText } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import { linkFirst, writeUnflushed } from '../../edges/files/write-file';
import type { Merged, NamedSlice, Snapshot } from '../../edges/git/contracts';
import type { Session } from '../session/session';
import { withSharedPack } from './shared-packs';
import { snapshotMode, takeSnapshot } from './take-snapshot';

/**
 * What the tasks of one Nx command share: below the scratch folder, owned by the process of Nx and removed by a later
 * command once that has ended. Everything in it can be made again.
 */
export function runFolder({ edges }: Session): string {
  return join(edges.scratchRoot, 'runs', edges.runId);
}

const snapshotRecord = (session: Session): string => join(runFolder(session), 'snapshot.json');

async function readShared<T>(path: string): Promise<T | null> {
  return (parseJson(await readText(path)) ?? null) as T | null;
}

/** Shares a value under a name; where another task was first, its value is the answer. Codes: those of writing. */
async function share<T>(path: string, value: T): Promise<Result<T>> {
  const draft = `${path}.${randomUUID()}`;
  const written = await writeUnflushed(draft, JSON.stringify(value));
  if (!written.ok) return written;
  try {
    return ok((await linkFirst(draft, path)) ? value : ((await readShared<T>(path)) ?? value));
  } finally {
    await removePath(draft);
  }
}

/**
 * The snapshot that all agents of one Nx command share: the first one records it, so that an edit made while the wave
 * runs does not give two agents two bases.
 */
export async function runSnapshot(session: Session): Promise<Result<Snapshot>> {
  const folder = runFolder(session);
  const known = await readShared<Snapshot>(snapshotRecord(session));
  if (known !== null) return ok(known);
  try {
    await session.edges.git.claimFolder(folder, session.edges.runOwner);
  } catch (error) {
    return err(describeWriteError(folder, error));
  }
  const taken = await takeSnapshot(session, join(folder, `snapshot-${randomUUID()}`));
  return taken.ok ? share(snapshotRecord(session), { ...taken.value, warnings: [] }) : taken;
}

/** The workspace as it is now: the shared snapshot where nothing has changed since, else one of its own in `into`. */
export async function presentSnapshot(session: Session, into: string): Promise<Result<Snapshot>> {
  const known = await readShared<Snapshot>(snapshotRecord(session));
  if (known !== null && (await isPresent(session, known))) return ok(known);
  return takeSnapshot(session, into);
}

/** Whether a snapshot is what a new one would be. */
async function isPresent(session: Session, snapshot: Snapshot): Promise<boolean> {
  if (snapshot.mode !== snapshotMode(session.edges.env)) return false;
  if (snapshot.mode === 'head') return snapshot.head === session.repo.head;
  return isWorkingTree(session, snapshot);
}

/** Whether the working tree is exactly the tree of a snapshot; false where git does not say so. */
export async function isWorkingTree({ edges, repo, wave }: Session, snapshot: Snapshot): Promise<boolean> {
  const same = await edges.git.isWorkingTree(repo, snapshot, [wave.identity.stateRoot]);
  return same.ok && same.value;
}

interface SharedMergeRequest {
  snapshot: Snapshot;
  /** In the order in which they are merged. */
  slices: readonly NamedSlice[];
  /** Folder for the objects of a merge that is not shared. */
  into: string;
}

/**
 * Merges slices onto a snapshot. What a merge gives is a function of the tree and of the changes: on the snapshot that the
 * tasks of a command share, the first task that needs it makes it for all of them.
 */
export async function sharedMerge(
  session: Session,
  { snapshot, slices, into }: SharedMergeRequest,
): Promise<Result<Merged>> {
  const { edges, repo } = session;
  const folder = runFolder(session);
  const { tree, objectDir, commit } = snapshot;
  const base = { tree, objectDir, commit };
  if (!objectDir.startsWith(`${folder}/`)) return edges.git.mergeSlices(repo, { base, slices, into });
  const key = digestOf({ tree, changes: slices.map(({ changes }) => changes) });
  const record = join(folder, 'merges', `${key}.json`);
  const known = await readShared<Merged>(record);
  if (known !== null) return ok(known);
  const own = join(folder, 'merges', randomUUID());
  const packed = await Promise.all(slices.map((slice) => withSharedPack(folder, slice)));
  const merged = await edges.git.mergeSlices(repo, { base, slices: packed, into: own });
  return merged.ok && merged.value.ok ? share(record, merged.value) : merged;
}
