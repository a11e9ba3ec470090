import { createHash } from 'node:crypto';
import { readFile } from '../files/at-once';
import { join } from 'node:path';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Checkout, type CheckoutRecord, type FilledFile, type Repository } from './contracts';
import { type PackageLinks } from './node-modules';
import { type PrivateGitDir, makePrivateGitDir } from './private-git-dir';
import { removeAll } from './scan-tree';
import { type HostEnv, runGit } from './run-git';

/**
 * What the runner knows of a checkout and the agent cannot change: kept in memory, because an agent without a sandbox
 * can write every file below `home`.
 */
export interface CheckoutState extends Omit<CheckoutRecord, 'checkout'> {
  setup: ((checkout: Checkout) => Promise<Result<void>>) | null;
  filled: FilledFile[];
  /** Links in place of installed packages; those that still stand as they were made are not made again. */
  packageLinks: PackageLinks;
  /** `lfs.storage` of the user; null where it is not set. */
  lfsStorage: string | null;
  /** What collecting saw last: cleaning to that tree has to ask git for nothing. */
  collected?: CollectedState;
}

/** A collected tree with an index that stands for it. */
export interface CollectedState {
  tree: string;
  indexFile: string;
  indexDigest: string;
  /** Top-relative paths of all files of the tree, but for submodules. */
  files: ReadonlySet<string>;
}

/** The edge that checkouts belong to. */
export interface CheckoutOwner {
  host: HostEnv;
  registry: CheckoutRegistry;
  /** Git LFS contents that were checked by their sha256: stamps by path. */
  checkedContent: Map<string, string>;
}

/** Checkouts of this process by home. */
export type CheckoutRegistry = Map<string, CheckoutState>;

export const indexFileOf = (checkout: Checkout): string => join(checkout.runnerGitDir, 'index');
/** The copy of that index which takes up what is collected. */
export const collectIndexOf = (checkout: Checkout): string => join(checkout.runnerGitDir, 'collect.index');
export const objectDirOf = (home: string): string => join(home, 'objects');

/** Object directories that the agent's own git reads. */
export function agentObjects(home: string, { sealed, borrowed }: CheckoutState): string[] {
  return [objectDirOf(home), ...(sealed ? [] : borrowed)];
}

/** Where the checkout stands alone: puts everything of commits and trees beside what collecting writes there. */
export async function keepObjects(
  at: { env: Record<string, string>; cwd: string },
  { sealed }: CheckoutState,
  { home, roots }: { home: string; roots: readonly string[] },
): Promise<Result<void>> {
  if (!sealed || roots.length === 0) return ok(undefined);
  const packs = join(objectDirOf(home), 'pack', 'pack');
  const packed = await runGit(['pack-objects', '--revs', '-q', packs], {
    ...at,
    input: `${roots.join('\n')}\n`,
  });
  return packed.ok ? ok(undefined) : packed;
}

/** Names that are never part of a slice, wherever the workspace lies. */
export const neverCollected = ['node_modules', '/.nx-wave/'];

export async function digestOfFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** The state of a checkout that this process made. Codes: checkout-failed. */
export function stateOf(registry: CheckoutRegistry, checkout: Checkout): Result<CheckoutState> {
  const state = registry.get(checkout.home);
  if (state) return ok(state);
  return err(failure('checkout-failed', `${checkout.home} is not a checkout of this process.`));
}

/** Ignore patterns for the runner's and the agent's view: dependencies and the runner's own folder. */
export function excludesFor(repo: Repository, state: { links: readonly string[] }): string[] {
  const own = ['node_modules', `/${repo.prefix}.nx-wave/`];
  return [...own, ...state.links.map((path) => `/${repo.prefix}${path.replace(/\/$/, '')}`)];
}

/** A fresh runner-owned git directory on a checkout, and the environment that works with its index. */
export async function runnerGit(
  host: HostEnv,
  checkout: Checkout,
  state: CheckoutState,
): Promise<PrivateGitDir> {
  const gitDir = join(checkout.runnerGitDir, 'git');
  await removeAll(gitDir);
  const made = await makePrivateGitDir(host, gitDir, {
    write: objectDirOf(checkout.home),
    read: state.borrowed,
    anyOid: checkout.baseTree,
    excludes: excludesFor(state.repo, state),
    sparse: state.sparse,
  });
  return {
    gitDir,
    env: { ...made.env, GIT_WORK_TREE: checkout.root, GIT_INDEX_FILE: indexFileOf(checkout) },
  };
}

/** Makes sure that the runner's index is the one it wrote; builds it again from its tree where it is not. */
export async function ensureIndex(
  checkout: Checkout,
  state: CheckoutState,
  env: Record<string, string>,
): Promise<Result<void>> {
  const digest = await digestOfFile(indexFileOf(checkout)).catch(() => null);
  if (digest === state.indexDigest) return ok(undefined);
  await removeAll(indexFileOf(checkout));
  const read = await runGit(['read-tree', state.indexTree], { cwd: checkout.root, env });
  return read.ok ? markFilled({ checkout, env }, state.filled, '--assume-unchanged') : read;
}

/** Sets or takes off the mark by which git believes an entry unchanged without looking. */
export async function markFilled(
  { checkout, env }: { checkout: Checkout; env: Record<string, string> },
  files: readonly FilledFile[],
  mark: '--assume-unchanged' | '--no-assume-unchanged',
): Promise<Result<void>> {
  if (files.length === 0) return ok(undefined);
  const input = files.map(({ path }) => `${path}\0`).join('');
  const marked = await runGit(['update-index', mark, '-z', '--stdin'], { cwd: checkout.root, env, input });
  return marked.ok ? ok(undefined) : marked;
}
