import { lstatSync } from 'node:fs';
import { lstat, readFile, readlink } from '../files/at-once';
import { join } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { isAbsent } from '../files/io-errors';
import { placeInside } from '../files/place-inside';
import { lstatReachable } from '../files/stat';
import { type Checkout, type FilledFile, type TreeWrite } from './contracts';
import { type CheckoutOwner, ensureIndex, runnerGit, stateOf } from './checkout-state';
import { findTouched, refillLfs } from './fill-lfs';
import { guardIo } from './io-failure';
import { diskPath, splitNul } from './names';
import { toWorkspacePath } from './paths';
import { readBlobs } from './read-file-at';
import { type GitOutput, runGit } from './run-git';
import { foldersOf, removeAll } from './scan-tree';
import { sameContent } from './stored-form';

type Git = (args: string[], input?: string) => Promise<Result<GitOutput>>;

/** One comparison: the git that it runs, which new files may stay, and what it has found so far. */
interface Work {
  git: Git;
  at: { env: Record<string, string>; cwd: string };
  stays: (path: string) => boolean;
  writes: TreeWrite[];
}

/** What stands at a path that a tree has as a file or a link; null when it is absent or something else. */
async function readAs(root: string, path: string, mode: string): Promise<Buffer | null> {
  const place = await placeInside(root, path);
  if (place === null) return null;
  try {
    const info = await lstat(place);
    if (mode === '120000') return info.isSymbolicLink() ? Buffer.from(await readlink(place)) : null;
    return info.isFile() ? await readFile(place) : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Those of the paths whose content is another than in the index, with what became of them. */
async function changedContent(
  git: Git,
  at: { env: Record<string, string>; cwd: string },
  paths: Set<string>,
) {
  const listed = await git(['diff-files', '--raw', '-z', '--no-renames', '--no-abbrev']);
  if (!listed.ok) return listed;
  const records = splitNul(listed.value.stdout);
  const entries: { path: string; mode: string; oid: string }[] = [];
  for (let i = 0; i + 1 < records.length; i += 2) {
    const [mode = '', , oid = ''] = (records[i] ?? '').slice(1).split(' ');
    const path = records[i + 1] ?? '';
    if (paths.has(path)) entries.push({ path, mode, oid });
  }
  const blobs = await readBlobs(at, [...new Set(entries.map(({ oid }) => oid))]);
  if (!blobs.ok) return blobs;
  const writes: TreeWrite[] = [];
  for (const { path, mode, oid } of entries) {
    const left = await readAs(at.cwd, path, mode);
    const stored = blobs.value.get(oid);
    if (left === null) writes.push({ path, kind: 'removed' });
    else if (stored === undefined || !sameContent(left, stored)) writes.push({ path, kind: 'changed' });
  }
  return ok(writes);
}

/** What became of a file that stood there with its Git LFS content. */
async function describeTouched({ root }: Checkout, { path }: FilledFile): Promise<TreeWrite> {
  const place = await placeInside(root, path);
  const there = place !== null && (await lstatReachable(place))?.isFile() === true;
  return { path, kind: there ? 'changed' : 'removed' };
}

/** What differs from the index. All paths are top-relative. */
interface Differences {
  /** Tracked files that are not as git remembers them, or gone. */
  tracked: string[];
  /** What the index does not know and no pattern ignores. */
  created: string[];
}

/** The same, and everything that the index knows. */
interface Listing extends Differences {
  known: string[];
}

async function listDifferences(git: Git): Promise<Result<Listing>> {
  const listed = await git([
    ...['ls-files', '-z', '-t', '--cached', '--modified', '--deleted'],
    ...['--others', '--exclude-standard'],
  ]);
  if (!listed.ok) return listed;
  const known: string[] = [];
  const created: string[] = [];
  const tracked = new Set<string>();
  for (const name of splitNul(listed.value.stdout)) {
    const path = name.slice(2);
    if (name.startsWith('? ')) created.push(path);
    else if (/^[CR] /.test(name)) tracked.add(path);
    else known.push(path);
  }
  return ok({ known, created, tracked: [...tracked] });
}

const isIgnoreFile = (path: string) => path === '.gitignore' || path.endsWith('/.gitignore');

/**
 * Ignore files that a command has changed, or made in a folder of the tree, where one may hide itself: what is ignored
 * is told by the tree's own. One in a folder that is new itself, as caches have it, counts as part of that folder.
 */
function changedIgnoreFiles(root: string, { known, tracked }: Listing): Differences {
  const own = new Set(known.filter(isIgnoreFile));
  const created = [...foldersOf(known)]
    .map((folder) => (folder === '' ? '.gitignore' : `${folder}/.gitignore`))
    .filter(
      (path) => !own.has(path) && lstatSync(diskPath(join(root, path)), { throwIfNoEntry: false })?.isFile(),
    );
  return { tracked: tracked.filter(isIgnoreFile), created };
}

/** Puts back what differs, and notes it where it counts; `filled` are files with Git LFS content, noted by their own rule. */
async function restore(
  { git, at, stays, writes }: Work,
  { tracked, created }: Differences,
  filled: readonly string[] = [],
): Promise<Result<void>> {
  for (const path of created.filter((one) => !stays(one))) {
    writes.push({ path: path.replace(/\/$/, ''), kind: 'created' });
    await removeAll(join(at.cwd, path));
  }
  if (tracked.length + filled.length === 0) return ok(undefined);
  const changed = await changedContent(git, at, new Set(tracked));
  if (!changed.ok) return changed;
  writes.push(...changed.value);
  const input = [...tracked, ...filled].map((path) => `${path}\0`).join('');
  const restored = await git(['checkout-index', '--force', '-z', '--stdin'], input);
  return restored.ok ? ok(undefined) : restored;
}

/**
 * Finds what differs from the tree that the checkout was cleaned to, and puts it back: tracked files to their content,
 * new files that no pattern of the tree ignores away, unless `stays` says that they may stay. What is ignored is not
 * looked at.
 * One git process where nothing has changed. Codes: checkout-failed, disk-full, collect-failed.
 */
export function putBackWrites(
  owner: CheckoutOwner,
  checkout: Checkout,
  stays: (path: string) => boolean,
): Promise<Result<TreeWrite[]>> {
  const { host, registry } = owner;
  return guardIo<TreeWrite[]>('checkout-failed', 'comparing the tree after a command', async () => {
    const known = stateOf(registry, checkout);
    if (!known.ok) return known;
    const state = known.value;
    const { env } = await runnerGit(host, checkout, state);
    const index = await ensureIndex(checkout, state, env);
    if (!index.ok) return index;
    const at = { cwd: checkout.root, env };
    const git: Git = (args, input) => runGit(args, { ...at, ...(input === undefined ? {} : { input }) });
    const own = (path: string) => toWorkspacePath(state.repo.prefix, path);
    const work: Work = { git, at, stays: (path) => stays(own(path)), writes: [] };
    let seen = await listDifferences(git);
    if (!seen.ok) return seen;
    const rules = changedIgnoreFiles(checkout.root, seen.value);
    if (rules.tracked.length + rules.created.length > 0) {
      const mended = await restore(work, rules);
      if (!mended.ok) return mended;
      seen = await listDifferences(git);
      if (!seen.ok) return seen;
    }
    const touched = await findTouched(checkout, state.filled);
    const filled = touched.map(({ path }) => path);
    const { created, tracked } = seen.value;
    const others = { created, tracked: tracked.filter((path) => !filled.includes(path)) };
    const { writes } = work;
    writes.push(...(await Promise.all(touched.map((file) => describeTouched(checkout, file)))));
    const restored = await restore(work, others, filled);
    if (!restored.ok) return restored;
    const refilled =
      touched.length === 0 ? ok(undefined) : await refillLfs(owner, { checkout, state, touched });
    if (!refilled.ok) return refilled;
    return ok(writes.map(({ path, kind }) => ({ path: own(path), kind })));
  });
}
