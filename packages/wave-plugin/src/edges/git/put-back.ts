import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { isAbsent } from '../files/io-errors';
import { placeInside } from '../files/place-inside';
import { lstatReachable } from '../files/stat';
import { type Checkout, type FilledFile, type TreeWrite } from './contracts';
import { type CheckoutOwner, ensureIndex, runnerGit, stateOf } from './checkout-state';
import { findTouched, refillLfs } from './fill-lfs';
import { guardIo } from './io-failure';
import { splitNul } from './names';
import { toWorkspacePath } from './paths';
import { readBlobs } from './read-file-at';
import { type GitOutput, runGit } from './run-git';
import { removeAll } from './scan-tree';
import { sameContent } from './stored-form';

type Git = (args: string[], input?: string) => Promise<Result<GitOutput>>;

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

/**
 * Finds what differs from the tree that the checkout was cleaned to, and puts it back: tracked files to their content,
 * new files that no pattern ignores away, unless `stays` says that they may stay. What is ignored is not looked at.
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
    const listed = await git([
      ...['ls-files', '-z', '-t', '--modified', '--deleted'],
      ...['--others', '--exclude-standard'],
    ]);
    if (!listed.ok) return listed;
    const names = splitNul(listed.value.stdout);
    const own = (path: string) => toWorkspacePath(state.repo.prefix, path);
    const tracked = new Set<string>();
    const writes: TreeWrite[] = [];
    for (const name of names) {
      const path = name.slice(2);
      if (!name.startsWith('? ')) tracked.add(path);
      else if (!stays(own(path))) {
        writes.push({ path: path.replace(/\/$/, ''), kind: 'created' });
        await removeAll(join(checkout.root, path));
      }
    }
    const touched = await findTouched(checkout, state.filled);
    for (const { path } of touched) tracked.delete(path);
    writes.push(...(await Promise.all(touched.map((file) => describeTouched(checkout, file)))));
    if (tracked.size + touched.length > 0) {
      const changed = await changedContent(git, at, tracked);
      if (!changed.ok) return changed;
      writes.push(...changed.value);
      const input = [...tracked, ...touched.map((file) => file.path)].map((path) => `${path}\0`).join('');
      const restored = await git(['checkout-index', '--force', '-z', '--stdin'], input);
      if (!restored.ok) return restored;
      const refilled = await refillLfs(owner, { checkout, state, touched });
      if (!refilled.ok) return refilled;
    }
    return ok(writes.map(({ path, kind }) => ({ path: own(path), kind })));
  });
}
