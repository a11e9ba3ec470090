import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type Checkout } from './contracts';
import { writeAgentGitDir } from './agent-git-dir';
import {
  type CheckoutOwner,
  type CheckoutState,
  digestOfFile,
  ensureIndex,
  excludesFor,
  indexFileOf,
  markFilled,
  objectDirOf,
  runnerGit,
  stateOf,
} from './checkout-state';
import { fillLfs } from './fill-lfs';
import { provision } from './provision';
import { parseIndexListing } from './index-listing';
import { guardIo } from './io-failure';
import { splitNul } from './names';
import { readBorrowed } from './private-git-dir';
import { proofFolder } from './proof-home';
import { removeAll, removeUnknown } from './scan-tree';
import { runGit } from './run-git';

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) await removeAll(join(folder, name));
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
    const known = stateOf(registry, checkout);
    if (!known.ok) return known;
    const borrowed = objectDir === undefined ? [] : [objectDir, ...(await readBorrowed(objectDir))];
    const state: CheckoutState = {
      ...known.value,
      borrowed: [...new Set([...known.value.borrowed, ...borrowed])],
    };
    const { env } = await runnerGit(host, checkout, state);
    const git = (args: string[]) => runGit(args, { cwd: checkout.root, env });
    const index = await ensureIndex(checkout, state, env);
    if (!index.ok) return index;
    const unmarked = await markFilled({ checkout, env }, state.filled, '--no-assume-unchanged');
    if (!unmarked.ok) return unmarked;

    await removeAll(join(checkout.root, '.git'));
    const listed = await git(['ls-files', '-v', '-z', '--stage']);
    if (!listed.ok) return listed;
    const present = parseIndexListing(splitNul(listed.value.stdout)).filter(
      (e) => !e.skipWorktree && e.mode !== '160000',
    );
    await removeUnknown(checkout.root, new Set(present.map((e) => e.path)));
    const read = await git(['read-tree', '--reset', '-u', tree]);
    if (!read.ok) return read;

    const filled = await fillLfs(owner, { checkout, state, env });
    if (!filled.ok) return filled;
    state.indexTree = tree;
    state.indexDigest = await digestOfFile(indexFileOf(checkout));
    registry.set(checkout.home, state);
    await emptyFolder(checkout.tmpDir);
    await removeAll(proofFolder(checkout));
    await writeAgentGitDir(state.repo, {
      root: checkout.root,
      commit: state.commit,
      objects: [objectDirOf(checkout.home), ...state.borrowed],
      indexFile: indexFileOf(checkout),
      sparse: state.sparse,
      excludes: excludesFor(state.repo, state),
    });
    const provisioned = await provision(checkout, state, env);
    return provisioned.ok ? ok(undefined) : provisioned;
  });
}
