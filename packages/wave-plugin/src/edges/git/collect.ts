import { lstat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Failure, type Result, err, ok } from '@nx-wave/schemas/plain';
import { type Checkout, type CollectOptions, type Collected } from './contracts';
import { readArtifacts } from './artifacts';
import { type CheckoutOwner, ensureIndex, indexFileOf, runnerGit, stateOf } from './checkout-state';
import { readChanges, readPatch } from './diff-trees';
import { copyIndexFile } from './index-file';
import { guardIo } from './io-failure';
import { lookAtTree, refusal } from './look-at-tree';
import { packImages } from './pack';
import { toTopPath, toWorkspacePath } from './paths';
import { type GitOutput, runGit } from './run-git';

/** What one slice may hold, in bytes of files as they are on disk. */
export interface SliceLimits {
  fileBytes: number;
  totalBytes: number;
}

export const defaultSliceLimits: SliceLimits = { fileBytes: 100 * 2 ** 20, totalBytes: 500 * 2 ** 20 };

type Git = (args: string[], input?: string) => Promise<Result<GitOutput>>;

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** Top-relative paths whose files are too large, one by one or, from there on, in sum. */
async function tooLarge(root: string, paths: readonly string[], limits: SliceLimits): Promise<string[]> {
  const large: string[] = [];
  let total = 0;
  for (const path of paths) {
    const size = (await lstat(join(root, path)).catch(() => null))?.size ?? 0;
    if (size > limits.fileBytes || total + size > limits.totalBytes) large.push(path);
    else total += size;
  }
  return large;
}

function largeRefusal(paths: string[], limits: SliceLimits): Failure {
  const most = `one file may have ${mebibytes(limits.fileBytes)}, all of them ${mebibytes(limits.totalBytes)}`;
  return refusal('slice-too-large', paths, {
    message: `The changes are too large for a slice (${most})`,
    next: 'ignore what is generated',
  });
}

/** Puts paths of the index back to what they were in the base. */
async function putBack(
  git: Git,
  changes: readonly FileChange[],
  prefix: string,
  zero: string,
): Promise<Result<unknown>> {
  const records: string[] = [];
  for (const { path, before } of changes) {
    const top = toTopPath(prefix, path);
    if (!top.ok) return top;
    records.push(`${before ? `${before.mode} ${before.oid}` : `0 ${zero}`}\t${top.value}\0`);
  }
  return git(['update-index', '--add', '--replace', '-z', '--index-info'], records.join(''));
}

/**
 * Everything that differs from the base, seen with a git directory and an index of the runner's own: the agent's
 * index flags, ignore files in `.git`, attributes, filters and configuration have no say.
 * Codes: nested-repository, special-file, slice-too-large, collect-failed, disk-full.
 */
export function collectChanges(
  { host, registry }: CheckoutOwner,
  checkout: Checkout,
  options: CollectOptions,
): Promise<Result<Collected>> {
  return guardIo('collect-failed', 'collecting the changes of the agent', async () => {
    const known = stateOf(registry, checkout);
    if (!known.ok) return known;
    const state = known.value;
    const { prefix } = state.repo;
    const runner = await runnerGit(host, checkout, state);
    const index = await ensureIndex(checkout, state, runner.env);
    if (!index.ok) return index;
    const seen = await lookAtTree(checkout, state, runner.env);
    if (!seen.ok) return seen;
    const { tracked, untracked } = seen.value;
    const refusals = [...seen.value.refusals];
    if (refusals[0] && !options.partial) return err(refusals[0]);
    const limits = options.limits ?? defaultSliceLimits;

    const collectIndex = join(checkout.runnerGitDir, 'collect.index');
    await copyIndexFile(indexFileOf(checkout), collectIndex);
    const at = { cwd: checkout.root, env: { ...runner.env, GIT_INDEX_FILE: collectIndex } };
    const git: Git = (args, input) => runGit(args, { ...at, ...(input === undefined ? {} : { input }) });
    const updated = await git(['add', '--update', '--sparse']);
    if (!updated.ok) return updated;
    const artifactPaths = options.artifactPaths.map((path) => path.replace(/\/+$/, ''));
    const isArtifact = (path: string) => {
      const own = toWorkspacePath(prefix, path);
      return artifactPaths.some((a) => own === a || own.startsWith(`${a}/`));
    };
    const candidates = untracked.filter((path) => !isArtifact(path));
    const large = new Set(await tooLarge(checkout.root, candidates, limits));
    const files = candidates.filter((path) => !large.has(path));
    if (files.length > 0) {
      const added = await git(
        ['update-index', '--add', '--replace', '-z', '--stdin'],
        files.map((f) => `${f}\0`).join(''),
      );
      if (!added.ok) return added;
    }
    const writeTree = async (): Promise<Result<{ tree: string; changes: FileChange[] }>> => {
      const written = await git(['write-tree']);
      if (!written.ok) return written;
      const tree = written.value.stdout.toString().trim();
      const changes = await readChanges(at, { from: checkout.baseTree, to: tree }, prefix);
      return changes.ok ? ok({ tree, changes: changes.value }) : changes;
    };
    let made = await writeTree();
    if (!made.ok) return made;

    const appeared = made.value.changes.filter((c) => c.after !== null);
    const topPath = (change: FileChange) => posix.join(prefix, change.path);
    const grown = await tooLarge(checkout.root, appeared.map(topPath), limits);
    const unfit = made.value.changes.filter(
      (c) => grown.includes(topPath(c)) || c.after?.mode === '160000' || c.before?.mode === '160000',
    );
    for (const path of grown) large.add(path);
    const linked = unfit.filter((c) => !grown.includes(topPath(c))).map((c) => c.path);
    if (linked.length > 0)
      refusals.push(
        refusal('nested-repository', linked, {
          message: 'A submodule cannot be changed by a slice',
          next: 'change it in a commit of your own',
        }),
      );
    if (large.size > 0)
      refusals.push(
        largeRefusal(
          [...large].sort().map((path) => toWorkspacePath(prefix, path)),
          limits,
        ),
      );
    const artifacts = await readArtifacts(checkout.workspaceDir, artifactPaths);
    refusals.push(...artifacts.refusals);
    if (refusals[0] && !options.partial) return err(refusals[0]);
    if (unfit.length > 0) {
      const back = await putBack(git, unfit, prefix, '0'.repeat(checkout.baseTree.length));
      if (!back.ok) return back;
      made = await writeTree();
      if (!made.ok) return made;
    }
    const { tree, changes } = made.value;
    const patch = await readPatch(at, { from: checkout.baseTree, to: tree });
    if (!patch.ok) return patch;
    const packed = await packImages(at, changes, options.packFile);
    if (!packed.ok) return packed;
    const trackedPaths = new Set(tracked.map((e) => toWorkspacePath(prefix, e.path)));
    return ok({
      changes,
      packFile: packed.value ? options.packFile : null,
      patch: patch.value,
      artifacts: artifacts.found.filter((a) => !trackedPaths.has(a.path)),
      tree,
      refusals,
    });
  });
}
