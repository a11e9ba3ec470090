import { lstat } from '../files/at-once';
import { join, posix } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Checkout, type CollectOptions, type Collected } from './contracts';
import { readArtifacts } from './artifacts';
import {
  type CheckoutOwner,
  type CheckoutState,
  collectIndexOf,
  digestOfFile,
  ensureIndex,
  indexFileOf,
  markFilled,
  runnerGit,
  stateOf,
} from './checkout-state';
import { readChanges, readDiff, readPatch, type TreeDiff } from './diff-trees';
import { findTouched } from './fill-lfs';
import { copyIndexFile } from './index-file';
import { type IndexEntry } from './index-listing';
import { guardIo } from './io-failure';
import { lookAtTree, refusalOf } from './look-at-tree';
import { diskPath, isUtf8Name } from './names';
import { packImages } from './pack';
import { toTopPath, toWorkspacePath } from './paths';
import { type GitOutput, type GitPlace, runGit } from './run-git';

/** What one slice may hold, in bytes of files as they are on disk. */
export interface SliceLimits {
  fileBytes: number;
  totalBytes: number;
}

export const defaultSliceLimits: SliceLimits = { fileBytes: 100 * 2 ** 20, totalBytes: 500 * 2 ** 20 };

type Git = (args: string[], input?: string) => Promise<Result<GitOutput>>;

/** What collecting works with: the runner's git on the checkout, with an index of its own. */
interface Work {
  at: GitPlace;
  git: Git;
  /** File of its index. */
  index: string;
  /** The tree that changes are told from. */
  baseTree: string;
  /** The workspace relative to the top of the repository. */
  prefix: string;
  limits: SliceLimits;
  /** Whether a file that was filled with Git LFS content is another one now. */
  touched: boolean;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** Top-relative paths whose files are too large, one by one or, from there on, in sum. */
async function tooLarge(root: string, paths: readonly string[], limits: SliceLimits): Promise<string[]> {
  const large: string[] = [];
  let total = 0;
  for (const path of paths) {
    const size = (await lstat(diskPath(join(root, path))).catch(() => null))?.size ?? 0;
    if (size > limits.fileBytes || total + size > limits.totalBytes) large.push(path);
    else total += size;
  }
  return large;
}

/** Puts paths of the index back to what they were in the base. */
async function putBack(
  { git, prefix, baseTree }: Work,
  changes: readonly FileChange[],
): Promise<Result<unknown>> {
  const zero = '0'.repeat(baseTree.length);
  const records: string[] = [];
  for (const { path, before } of changes) {
    const top = toTopPath(prefix, path);
    if (!top.ok) return top;
    records.push(`${before ? `${before.mode} ${before.oid}` : `0 ${zero}`}\t${top.value}\0`);
  }
  return git(['update-index', '--add', '--replace', '-z', '--index-info'], records.join(''));
}

function checkoutGone({ root, home }: Checkout): Failure {
  return failure(
    'checkout-failed',
    `The checkout is gone: the agent, or someone else, has removed ${root}.`,
    {
      next: 'tell the agent to leave the folder that it works in where it is',
      facts: { home },
    },
  );
}

/** A checkout that is gone has changed nothing: it is no wish to delete all files. Null where it is there. */
async function whereGone(checkout: Checkout, { partial }: CollectOptions): Promise<Result<Collected> | null> {
  const there = await lstat(checkout.root).catch(() => null);
  if (there?.isDirectory()) return null;
  const gone = checkoutGone(checkout);
  if (!partial) return err(gone);
  const nothing = { changes: [], packFile: null, packIndex: null, patch: new Uint8Array(), artifacts: [] };
  return ok({ ...nothing, tree: checkout.baseTree, refusals: [gone] });
}

/**
 * Everything that differs from the base, seen with a git directory and an index of the runner's own: the agent's
 * index flags, ignore files in `.git`, attributes, filters and configuration have no say.
 * Codes: nested-repository, special-file, slice-too-large, collect-failed, disk-full.
 */
export async function collectChanges(
  owner: CheckoutOwner,
  checkout: Checkout,
  options: CollectOptions,
): Promise<Result<Collected>> {
  const gone = await whereGone(checkout, options);
  return gone ?? collectPresent(owner, checkout, options);
}

function collectPresent(
  { host, registry }: CheckoutOwner,
  checkout: Checkout,
  options: CollectOptions,
): Promise<Result<Collected>> {
  return guardIo('collect-failed', 'collecting the changes of the agent', async () => {
    const known = stateOf(registry, checkout);
    if (!known.ok) return known;
    const state = known.value;
    const { prefix } = state.repo;
    const whole = options.only === undefined;
    const runner = await runnerGit(host, checkout, state);
    const index = await ensureIndex(checkout, state, runner.env);
    if (!index.ok) return index;
    const seen = await lookAtTree(checkout, state, runner.env);
    if (!seen.ok) return seen;
    const { tracked, untracked, changed, touched } = seen.value;
    const refusals = [...seen.value.refusals];
    if (refusals[0] && !options.partial) return err(refusals[0]);

    const started = await startWork(checkout, state, { env: runner.env, limits: options.limits });
    if (!started.ok) return started;
    const work = started.value;
    const artifactPaths = options.artifactPaths.map((path) => path.replace(/\/+$/, ''));
    const isArtifact = (path: string) => {
      const own = toWorkspacePath(prefix, path);
      return artifactPaths.some((a) => own === a || own.startsWith(`${a}/`));
    };
    const files = untracked.filter((path) => !isArtifact(path));
    const added = await addFiles(work, { untracked: files, changed: touched || work.touched });
    if (!added.ok) return added;
    // Of a file that no slice can hold there is no patch: it may be larger than the memory.
    const large = await tooLarge(checkout.root, changed, work.limits);
    let made = await writeTree(work, { patch: large.length === 0 && !work.touched && whole });
    if (!made.ok) return made;
    const unfit = await findUnfit(work, made.value.changes);
    const artifacts = await readArtifacts(checkout.workspaceDir, artifactPaths);
    refusals.push(...unfitRefusals(work, unfit, added.value), ...artifacts.refusals);
    if (refusals[0] && !options.partial) return err(refusals[0]);
    if (unfit.changes.length > 0) {
      const back = await putBack(work, unfit.changes);
      if (!back.ok) return back;
      made = await writeTree(work, { patch: whole });
      if (!made.ok) return made;
    }
    await rememberCollected(state, work, { ...made.value, tracked });
    const changes = made.value.changes.filter(options.only ?? everyChange);
    const patch = await patchOf(work, made.value, { wanted: whole });
    if (!patch.ok) return patch;
    const packed = await packSlice(checkout, work, { changes, packFile: options.packFile });
    if (!packed.ok) return packed;
    const trackedPaths = new Set(tracked.map((e) => toWorkspacePath(prefix, e.path)));
    return ok({
      changes,
      ...packed.value,
      patch: patch.value,
      artifacts: artifacts.found.filter((a) => !trackedPaths.has(a.path)),
      tree: made.value.tree,
      refusals,
    });
  });
}

const everyChange = () => true;

async function patchOf(
  { at, baseTree }: Work,
  { patch, tree }: WrittenTree,
  { wanted }: { wanted: boolean },
): Promise<Result<Uint8Array>> {
  if (!wanted) return ok(new Uint8Array());
  return patch === null ? readPatch(at, { from: baseTree, to: tree }) : ok(patch);
}

/** Packs the objects of the changes; the index of the pack stays in the checkout. */
async function packSlice(
  { runnerGitDir }: Checkout,
  { at }: Work,
  { changes, packFile }: { changes: readonly FileChange[]; packFile: string },
): Promise<Result<Pick<Collected, 'packFile' | 'packIndex'>>> {
  const indexFile = join(runnerGitDir, 'slice.idx');
  const packed = await packImages(at, changes, { packFile, indexFile });
  if (!packed.ok) return packed;
  if (!packed.value) return ok({ packFile: null, packIndex: null });
  return ok({ packFile, packIndex: { file: indexFile, sha256: await digestOfFile(indexFile) } });
}

/** Keeps the index of the collected tree for `resetTo`; of a sparse checkout git has to say anew what is there. */
async function rememberCollected(
  state: CheckoutState,
  { index, baseTree, prefix }: Work,
  {
    tree,
    tracked,
    changes,
  }: { tree: string; tracked: readonly IndexEntry[]; changes: readonly FileChange[] },
): Promise<void> {
  delete state.collected;
  if (state.sparse !== null || state.filled.length > 0 || state.indexTree !== baseTree) return;
  const files = new Set(tracked.filter(({ mode }) => mode !== '160000').map(({ path }) => path));
  for (const { path, after } of changes) {
    const top = posix.join(prefix, path);
    if (after === null) files.delete(top);
    else files.add(top);
  }
  state.collected = { tree, indexFile: index, indexDigest: await digestOfFile(index), files };
}

/**
 * Git of the runner with a copy of the runner's index. What stands as it was filled with Git LFS content stays the
 * pointer that the base has; git looks at every other file.
 */
async function startWork(
  checkout: Checkout,
  { repo, filled }: CheckoutState,
  { env, limits = defaultSliceLimits }: { env: Record<string, string>; limits: SliceLimits | undefined },
): Promise<Result<Work>> {
  const index = collectIndexOf(checkout);
  await copyIndexFile(indexFileOf(checkout), index);
  const at = { cwd: checkout.root, env: { ...env, GIT_INDEX_FILE: index } };
  const touched = await findTouched(checkout, filled);
  const seen = await markFilled({ checkout, env: at.env }, touched, '--no-assume-unchanged');
  if (!seen.ok) return seen;
  const git: Git = (args, input) => runGit(args, { ...at, ...(input === undefined ? {} : { input }) });
  const { baseTree } = checkout;
  return ok({ at, git, index, baseTree, prefix: repo.prefix, limits, touched: touched.length > 0 });
}

/** Brings changed files, and those new ones that are small enough, into the index; gives the paths of the others. */
async function addFiles(
  { at, git, limits }: Work,
  { untracked, changed }: { untracked: readonly string[]; changed: boolean },
): Promise<Result<string[]>> {
  const updated = changed ? await git(['add', '--update', '--sparse']) : ok(null);
  if (!updated.ok) return updated;
  const large = await tooLarge(at.cwd, untracked, limits);
  const skipped = new Set(large);
  const files = untracked.filter((path) => !skipped.has(path));
  if (files.length === 0) return ok(large);
  const added = await git(
    ['update-index', '--add', '--replace', '-z', '--stdin'],
    files.map((f) => `${f}\0`).join(''),
  );
  return added.ok ? ok(large) : added;
}

/** `patch` is null where it was not asked for. */
type WrittenTree = Omit<TreeDiff, 'patch'> & { tree: string; patch: Uint8Array | null };

async function writeTree(
  { git, at, baseTree, prefix }: Work,
  wanted: { patch: boolean },
): Promise<Result<WrittenTree>> {
  const written = await git(['write-tree']);
  if (!written.ok) return written;
  const tree = written.value.stdout.toString().trim();
  const trees = { from: baseTree, to: tree };
  if (wanted.patch) {
    const diff = await readDiff(at, trees, prefix);
    return diff.ok ? ok({ tree, ...diff.value }) : diff;
  }
  const changes = await readChanges(at, trees, prefix);
  return changes.ok ? ok({ tree, changes: changes.value, patch: null }) : changes;
}

/** Changes that no slice can carry. */
interface Unfit {
  changes: FileChange[];
  /** Top-relative paths of files that are too large. */
  grown: string[];
  /** Workspace-relative paths of submodules. */
  linked: string[];
  /** Workspace-relative paths that no record can hold. */
  unnamed: string[];
}

async function findUnfit({ at, prefix, limits }: Work, changes: readonly FileChange[]): Promise<Unfit> {
  const topPath = (change: FileChange) => posix.join(prefix, change.path);
  const appeared = changes.filter((c) => c.after !== null);
  const grown = await tooLarge(at.cwd, appeared.map(topPath), limits);
  const isSubmodule = (c: FileChange) => c.after?.mode === '160000' || c.before?.mode === '160000';
  const unfit = changes.filter((c) => grown.includes(topPath(c)) || isSubmodule(c) || !isUtf8Name(c.path));
  const linked = unfit.filter((c) => isSubmodule(c) && !grown.includes(topPath(c))).map((c) => c.path);
  const unnamed = unfit.map((c) => c.path).filter((path) => !isUtf8Name(path));
  return { changes: unfit, grown, linked, unnamed };
}

/** `large`: top-relative paths that were left out already. */
function unfitRefusals({ prefix, limits }: Work, unfit: Unfit, large: readonly string[]): Failure[] {
  const tooBig = [...new Set([...large, ...unfit.grown])].sort();
  return [
    ...refusalOf('name-not-utf8', unfit.unnamed, {
      message: 'A slice cannot change a file whose name is not UTF-8',
      next: 'give the file a name in UTF-8; one that the repository has already is renamed in a commit of your own',
    }),
    ...refusalOf('nested-repository', unfit.linked, {
      message: 'A submodule cannot be changed by a slice',
      next: 'change it in a commit of your own',
    }),
    ...refusalOf(
      'slice-too-large',
      tooBig.map((path) => toWorkspacePath(prefix, path)),
      {
        message: `The changes are too large for a slice (one file may have ${mebibytes(limits.fileBytes)}, all of them ${mebibytes(limits.totalBytes)})`,
        next: 'ignore what is generated',
      },
    ),
  ];
}
