import { mkdir } from '../files/at-once';
import { join, posix } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import {
  type MergeConflict,
  type MergeRequest,
  type Merged,
  type NamedSlice,
  type Repository,
} from './contracts';
import { guardIo } from './io-failure';
import { type Laid, laySlices } from './lay-slices';
import { splitNul } from './names';
import { toTopPath, toWorkspacePath } from './paths';
import { unpackImages } from './pack';
import { makePrivateGitDir, readBorrowed, writeBorrowed } from './private-git-dir';
import { type GitOutput, type HostEnv, type GitPlace, runGit } from './run-git';
import { userObjects } from './snapshot-git';
import { withoutStored } from './stored-form';

type Git = (args: string[], input?: string, answers?: number[]) => Promise<Result<GitOutput>>;

const fileModes = new Set(['100644', '100755', '120000']);

/** What merging works with. */
interface MergeGround {
  at: GitPlace;
  git: Git;
  /** The workspace relative to the top of the repository. */
  prefix: string;
  /** The commit that the one with the merged tree is a child of. */
  parent: string | null;
}

/** One side of the changes as records for `update-index --index-info`; `zero` is the id of nothing. Codes: bundle-invalid. */
export function indexInfo(
  changes: readonly FileChange[],
  side: 'before' | 'after',
  { prefix, zero }: { prefix: string; zero: string },
): Result<string> {
  const removed: string[] = [];
  const written: string[] = [];
  for (const change of changes) {
    const path = toTopPath(prefix, change.path);
    if (!path.ok) return path;
    const image = change[side];
    if (image === null) removed.push(`0 ${zero}\t${path.value}\0`);
    else if (fileModes.has(image.mode) && image.oid.length === zero.length)
      written.push(`${image.mode} ${image.oid}\t${path.value}\0`);
    else
      return err(
        failure(
          'bundle-invalid',
          `A slice gives ${change.path} a mode that no slice may have: ${image.mode}`,
        ),
      );
  }
  // Removals first: a folder that became a file, or the other way round, must not collide with itself.
  return ok([...removed, ...written].join(''));
}

/** The tree with one side of the changes in it. */
async function treeWith(git: Git, info: string): Promise<Result<string>> {
  const updated = await git(['update-index', '--replace', '-z', '--index-info'], info);
  if (!updated.ok) return updated;
  const written = await git(['write-tree']);
  return written.ok ? ok(written.value.stdout.toString().trim()) : written;
}

async function commitOf(git: Git, tree: string, parent: string | null): Promise<Result<string>> {
  const made = await git([
    'commit-tree',
    tree,
    ...(parent === null ? [] : ['-p', parent]),
    '-m',
    'merge side',
  ]);
  return made.ok ? ok(made.value.stdout.toString().trim()) : made;
}

/** Merges one slice onto `current`: its pre-images are the common ancestor. */
async function mergeOne(
  { git, prefix }: MergeGround,
  current: string,
  slice: NamedSlice,
): Promise<Result<{ tree: string } | { conflicts: string[] }>> {
  const zero = '0'.repeat(current.length);
  const before = indexInfo(slice.changes, 'before', { prefix, zero });
  if (!before.ok) return before;
  const after = indexInfo(slice.changes, 'after', { prefix, zero });
  if (!after.ok) return after;
  const read = await git(['read-tree', current]);
  if (!read.ok) return read;
  const ancestor = await treeWith(git, before.value);
  if (!ancestor.ok) return ancestor;
  const wanted = await treeWith(git, after.value);
  if (!wanted.ok) return wanted;
  if (ancestor.value === current || wanted.value === current) return ok({ tree: wanted.value });
  const base = await commitOf(git, ancestor.value, null);
  if (!base.ok) return base;
  const [ours, theirs] = await Promise.all([
    commitOf(git, current, base.value),
    commitOf(git, wanted.value, base.value),
  ]);
  if (!ours.ok) return ours;
  if (!theirs.ok) return theirs;
  const merged = await git(
    ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours.value, theirs.value],
    undefined,
    [0, 1],
  );
  if (!merged.ok) return merged;
  const [tree = '', ...paths] = splitNul(merged.value.stdout);
  if (merged.value.code === 0) return ok({ tree });
  return ok({ conflicts: [...new Set(paths.filter((path) => path !== ''))] });
}

/**
 * As many of the first slices as can be laid on the tree with nothing to merge. Null when git refuses, or nothing is known of a
 * slice: `mergeOne` then says of which one and why.
 */
async function layFitting(
  { at, prefix, parent }: MergeGround,
  tree: string,
  slices: readonly NamedSlice[],
): Promise<Laid | null> {
  const zero = '0'.repeat(tree.length);
  const isSound = ({ changes }: NamedSlice) =>
    (['before', 'after'] as const).every((side) => indexInfo(changes, side, { prefix, zero }).ok);
  const unsound = slices.findIndex((slice) => !isSound(slice));
  const sound = unsound < 0 ? slices : slices.slice(0, unsound);
  if (sound.length === 0) return null;
  return laySlices(
    at,
    { tree, parent },
    sound.map(({ changes }) => changes.map((one) => ({ ...one, path: posix.join(prefix, one.path) }))),
  );
}

/** Ids of the slices that changed one of the paths, or something below or above it. */
export function slicesTouching(slices: readonly NamedSlice[], paths: readonly string[]): string[] {
  const related = (a: string, b: string) => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
  return slices
    .filter((s) => s.changes.some((c) => paths.some((p) => related(c.path, p))))
    .map((s) => s.sliceId);
}

/**
 * Merges slices onto a tree in the given order, 3-way per path, in the object directory `<into>/objects`. A slice that
 * is there already changes nothing. Codes: bundle-invalid for a pack that does not hold what the slice names.
 */
export function mergeAll(
  host: HostEnv,
  repo: Repository,
  { base, slices, into }: MergeRequest,
): Promise<Result<Merged>> {
  return guardIo<Merged>('git-failed', 'merging the slices', async () => {
    const objectDir = join(into, 'objects');
    await mkdir(objectDir, { recursive: true, mode: 0o700 });
    const ready = slices.flatMap((slice) => slice.objectDir ?? []);
    const borrowed = [
      ...new Set([base.objectDir, ...(await readBorrowed(base.objectDir)), userObjects(repo), ...ready]),
    ];
    const made = await makePrivateGitDir(host, join(into, 'git'), {
      write: objectDir,
      read: borrowed,
      anyOid: base.tree,
    });
    await writeBorrowed(objectDir, borrowed);
    const at = { cwd: into, env: { ...made.env, GIT_INDEX_FILE: join(into, 'index') } };
    const git: Git = (args, input, answers) =>
      runGit(args, { ...at, ...(input === undefined ? {} : { input }), ...(answers ? { answers } : {}) });
    const packs = new Set<string>();
    for (const slice of slices) {
      // The slices of a stage of earlier versions share one pack.
      if (slice.packFile === null || slice.objectDir !== undefined || packs.has(slice.packFile)) continue;
      const unpacked = await unpackImages(at, slice.packFile);
      if (!unpacked.ok) return brokenPack(slice, unpacked.error.message);
      packs.add(slice.packFile);
    }
    const ground = { at, git, prefix: repo.prefix, parent: base.commit ?? null };
    const merged = await mergeInOrder(ground, base.tree, slices);
    if (!merged.ok) return merged;
    return 'conflict' in merged.value
      ? ok({ ok: false, conflict: merged.value.conflict })
      : ok({ ok: true, ...merged.value, objectDir });
  });
}

/** Merges slices whose objects are there: as many at once as fit, else one by one. */
async function mergeInOrder(
  ground: MergeGround,
  base: string,
  slices: readonly NamedSlice[],
): Promise<Result<{ tree: string; commit: string | null } | { conflict: MergeConflict }>> {
  let tree = base;
  let commit: string | null = null;
  for (let position = 0; position < slices.length;) {
    const rest = slices.slice(position);
    const laid = await layFitting(ground, tree, rest);
    if (laid !== null && laid.count > 0) {
      ({ tree, commit } = laid);
      position += laid.count;
      continue;
    }
    const slice = rest[0] as NamedSlice;
    const open = await changesLeft(ground, tree, slice);
    const merged = await mergeOne(ground, tree, { ...slice, changes: open });
    if (!merged.ok)
      return /invalid object|missing/i.test(merged.error.message)
        ? brokenPack(slice, merged.error.message)
        : merged;
    if ('conflicts' in merged.value) {
      const paths = merged.value.conflicts.map((path) => toWorkspacePath(ground.prefix, path)).sort();
      const againstIds = slicesTouching(slices.slice(0, position), paths);
      return ok({ conflict: { sliceId: slice.sliceId, againstIds, paths } });
    }
    tree = merged.value.tree;
    commit = null;
    position += 1;
  }
  return ok({ tree, commit });
}

/** The changes of a slice that the tree does not have yet, as git stores them; all where git does not tell: merging says why. */
async function changesLeft(
  { at, prefix }: MergeGround,
  tree: string,
  { changes }: NamedSlice,
): Promise<FileChange[]> {
  const top = changes.map((change) => ({ ...change, path: posix.join(prefix, change.path) }));
  const left = await withoutStored(at, tree, top);
  if (!left.ok) return changes;
  const paths = new Set(left.value.map(({ path }) => path));
  return changes.filter(({ path }) => paths.has(posix.join(prefix, path)));
}

function brokenPack(slice: NamedSlice, said: string) {
  return err(
    failure('bundle-invalid', `The objects of ${slice.sliceId} are damaged or incomplete: ${said}`, {
      facts: { sliceId: slice.sliceId },
    }),
  );
}
