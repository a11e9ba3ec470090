import { mkdir, readdir } from '../files/at-once';
import { join, relative } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type Checkout } from './contracts';
import { writeAgentGitDir } from './agent-git-dir';
import {
  type CheckoutOwner,
  type CheckoutState,
  agentObjects,
  digestOfFile,
  ensureIndex,
  excludesFor,
  indexFileOf,
  keepObjects,
  markFilled,
  runnerGit,
  stateOf,
} from './checkout-state';
import { fillLfs } from './fill-lfs';
import { packageFoldersOf } from './package-folders';
import { provision } from './provision';
import { parseIndexListing } from './index-listing';
import { copyIndexFile } from './index-file';
import { guardIo } from './io-failure';
import { splitNul } from './names';
import { isAsMade } from './node-modules';
import { readBorrowed } from './private-git-dir';
import { proofFolder } from './proof-home';
import { removeAll, removeUnknown } from './scan-tree';
import { runGit } from './run-git';

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) await removeAll(join(folder, name));
}

/** Files of the tree where it is the one that was just collected, whose index is then the runner's; else null. */
async function takeCollected(
  checkout: Checkout,
  state: CheckoutState,
  tree: string,
): Promise<ReadonlySet<string> | null> {
  const { collected } = state;
  delete state.collected;
  if (collected?.tree !== tree) return null;
  const digest = await digestOfFile(collected.indexFile).catch(() => null);
  if (digest !== collected.indexDigest) return null;
  await copyIndexFile(collected.indexFile, indexFileOf(checkout));
  return collected.files;
}

/** Files of the tree that the checkout stands on. */
async function listKnown(
  checkout: Checkout,
  state: CheckoutState,
  env: Record<string, string>,
): Promise<Result<ReadonlySet<string>>> {
  const index = await ensureIndex(checkout, state, env);
  if (!index.ok) return index;
  const unmarked = await markFilled({ checkout, env }, state.filled, '--no-assume-unchanged');
  if (!unmarked.ok) return unmarked;
  const listed = await runGit(['ls-files', '-v', '-z', '--stage'], { cwd: checkout.root, env });
  if (!listed.ok) return listed;
  const { entries } = parseIndexListing(splitNul(listed.value.stdout));
  const present = entries.filter((entry) => !entry.skipWorktree && entry.mode !== '160000');
  return ok(new Set(present.map(({ path }) => path)));
}

/** Those files, and the links in place of packages; without them where git has files of its own among packages. */
function withMade(
  { root }: Checkout,
  { packageLinks: { made } }: CheckoutState,
  known: ReadonlySet<string>,
): Set<string> {
  if ([...known].some((path) => path.includes('node_modules/'))) made.clear();
  return new Set([...known, ...[...made.keys()].map((path) => relative(root, path))]);
}

/** Removes what stands in the place of such a link and is another one. */
async function dropChanged({ packageLinks }: CheckoutState): Promise<void> {
  const { made } = packageLinks;
  for (const path of [...made.keys()].filter((one) => !isAsMade(packageLinks, one))) {
    made.delete(path);
    await removeAll(path);
  }
}

/**
 * Cleans a checkout in place to exactly `tree`: nothing of what the agent left besides stays, whatever its git state
 * says. `objectDir` is where `tree` comes from when no earlier step of this checkout made it.
 * Codes: checkout-failed, disk-full, state-unwritable, workspace-setup-failed.
 */
export function resetCheckout(
  owner: CheckoutOwner,
  checkout: Checkout,
  { tree, objectDir }: { tree: string; objectDir?: string | undefined },
): Promise<Result<void>> {
  const { host, registry } = owner;
  return guardIo('checkout-failed', 'cleaning the checkout', async () => {
    const current = stateOf(registry, checkout);
    if (!current.ok) return current;
    const borrowed = objectDir === undefined ? [] : [objectDir, ...(await readBorrowed(objectDir))];
    const state: CheckoutState = {
      ...current.value,
      borrowed: [...new Set([...current.value.borrowed, ...borrowed])],
    };
    const { env } = await runnerGit(host, checkout, state);
    const git = (args: string[]) => runGit(args, { cwd: checkout.root, env });
    const collected = await takeCollected(checkout, state, tree);
    const known = collected === null ? await listKnown(checkout, state, env) : ok(collected);
    if (!known.ok) return known;

    await removeAll(join(checkout.root, '.git'));
    await removeUnknown(checkout.root, withMade(checkout, state, known.value));
    await dropChanged(state);
    // Reads again every file whose times are not those of its entry, and writes those that are not the tree's.
    const read = await git(['read-tree', '--reset', '-u', tree]);
    if (!read.ok) return read;

    const filled = await fillLfs(owner, { checkout, state, env });
    if (!filled.ok) return filled;
    state.indexTree = tree;
    state.indexDigest = await digestOfFile(indexFileOf(checkout));
    registry.set(checkout.home, state);
    const kept = await keepObjects({ env, cwd: checkout.root }, state, {
      home: checkout.home,
      roots: objectDir === undefined ? [] : [tree],
    });
    if (!kept.ok) return kept;
    await emptyFolder(checkout.tmpDir);
    await removeAll(proofFolder(checkout));
    await writeAgentGitDir(state.repo, {
      root: checkout.root,
      commit: state.commit,
      objects: agentObjects(checkout.home, state),
      indexFile: indexFileOf(checkout),
      sparse: state.sparse,
      excludes: excludesFor(state.repo, state),
    });
    const packageFolders = collected === null ? undefined : packageFoldersOf([...collected]);
    const provisioned = await provision(checkout, state, { env, packageFolders });
    return provisioned.ok ? ok(undefined) : provisioned;
  });
}
