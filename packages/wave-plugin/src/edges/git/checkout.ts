import { mkdir, stat } from '../files/at-once';
import { delimiter, join, sep } from 'node:path';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Checkout, type CheckoutBase, type CheckoutRequest, type Repository } from './contracts';
import { readSparsePatterns, writeAgentGitDir, writeAgentGlobalConfig } from './agent-git-dir';
import {
  type CheckoutOwner,
  type CheckoutState,
  agentObjects,
  digestOfFile,
  excludesFor,
  indexFileOf,
  keepObjects,
  runnerGit,
} from './checkout-state';
import { fillLfs } from './fill-lfs';
import { chooseShare, provision } from './provision';
import { copyIndexFile } from './index-file';
import { guardIo } from './io-failure';
import { readBorrowed } from './private-git-dir';
import { type GitOutput, type GitPlace, type HostEnv, runGit } from './run-git';
import { userObjects } from './snapshot-git';
import { writeOwner } from './folder-owner';
import { readSettings } from './tree-settings';

/** PATH for processes in a checkout: its own programs first, those of the user's workspace not at all. */
export function checkoutPath(
  host: HostEnv,
  repo: Repository,
  checkout: { root: string; workspaceDir: string },
): string {
  const bin = join('node_modules', '.bin');
  const ofUser = (entry: string) => {
    if (!entry.endsWith(sep + bin)) return false;
    const owner = entry.slice(0, -bin.length - 1);
    return (
      owner === '' ||
      repo.topLevel === owner ||
      repo.topLevel.startsWith(owner + sep) ||
      owner.startsWith(repo.topLevel + sep)
    );
  };
  const own = [...new Set([join(checkout.workspaceDir, bin), join(checkout.root, bin)])];
  return [...own, ...(host['PATH'] ?? '').split(delimiter).filter((e) => e !== '' && !ofUser(e))].join(
    delimiter,
  );
}

function describe(
  host: HostEnv,
  repo: Repository,
  { home, baseTree, borrowed, sealed }: Pick<Checkout, 'home' | 'baseTree' | 'borrowed' | 'sealed'>,
): Checkout {
  const root = join(home, 'tree');
  const workspaceDir = join(root, repo.prefix).replace(/\/$/, '');
  const tmpDir = join(home, 'tmp');
  return {
    home,
    root,
    workspaceDir,
    tmpDir,
    scratchDir: join(home, 'scratch'),
    runnerGitDir: join(home, 'runner'),
    baseTree,
    ...(borrowed === undefined ? {} : { borrowed }),
    ...(sealed === undefined ? {} : { sealed }),
    withoutContent: [],
    env: {
      PATH: checkoutPath(host, repo, { root, workspaceDir }),
      TMPDIR: tmpDir,
      TMP: tmpDir,
      TEMP: tmpDir,
      GIT_CEILING_DIRECTORIES: home,
      GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
      GIT_TERMINAL_PROMPT: '0',
      NX_CACHE_DIRECTORY: join(home, 'nx', 'cache'),
      NX_WORKSPACE_DATA_DIRECTORY: join(home, 'nx', 'data'),
      NX_DAEMON: 'false',
    },
  };
}

async function treeOf(at: GitPlace, commit: string): Promise<Result<string>> {
  const asked = await runGit(['rev-parse', '--verify', `${commit}^{tree}`], at);
  return asked.ok ? ok(asked.value.stdout.toString().trim()) : asked;
}

/** The commit that the agent's HEAD stands on: the given one if it has the tree already, else a child of it. */
async function headCommit(
  at: GitPlace,
  { tree, commit, parentCommit, snapshotTree, sealed }: CheckoutBase,
): Promise<Result<string>> {
  if (commit && !sealed) return ok(commit);
  const parent = sealed ? null : parentCommit;
  if (parent !== null) {
    const known = snapshotTree === undefined ? await treeOf(at, parent) : ok(snapshotTree);
    if (!known.ok) return known;
    if (known.value === tree) return ok(parent);
  }
  const parents = parent === null ? [] : ['-p', parent];
  const made = await runGit(['commit-tree', tree, ...parents, '-m', 'working state'], at);
  return made.ok ? ok(made.value.stdout.toString().trim()) : made;
}

async function makeFolders({ home, root, tmpDir, scratchDir, runnerGitDir }: Checkout): Promise<void> {
  await writeOwner(home);
  await mkdir(root);
  for (const folder of [tmpDir, scratchDir, runnerGitDir])
    await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Object directories that hold a base, each once. */
async function borrowedFor(repo: Repository, { objectDir }: CheckoutBase): Promise<string[]> {
  return [...new Set([objectDir, ...(await readBorrowed(objectDir)), userObjects(repo)])];
}

/**
 * Makes a private checkout of `base.tree` below `home`. Codes: checkout-failed, disk-full, state-unwritable,
 * workspace-setup-failed.
 */
export function makeCheckout(
  owner: CheckoutOwner,
  repo: Repository,
  request: CheckoutRequest & { base: CheckoutBase },
): Promise<Result<Checkout>> {
  const { host, registry } = owner;
  return guardIo('checkout-failed', 'making the private checkout', async () => {
    const { base, home, ...options } = request;
    const borrowed = await borrowedFor(repo, base);
    const sealed = base.sealed ? { sealed: base.sealed } : {};
    const places = { home, baseTree: base.tree, ...sealed, borrowed: base.sealed ? [] : borrowed };
    const checkout = describe(host, repo, places);
    await makeFolders(checkout);
    const settings = base.settings === undefined ? await readSettings(host, repo) : ok(base.settings);
    if (!settings.ok) return settings;
    const state: CheckoutState = {
      repo,
      commit: '',
      borrowed,
      sparse: await readSparsePatterns(repo, settings.value.sparse),
      indexTree: base.tree,
      indexDigest: '',
      share: await chooseShare(options.nodeModules ?? (options.setup ? 'none' : 'auto'), repo.topLevel, home),
      packageFolders: [],
      furnishedAtMs: 0,
      links: options.links ?? [],
      setup: options.setup ?? null,
      filled: [],
      packageLinks: { made: new Map(), spares: options.spareLinks ?? null },
      lfsStorage: settings.value.lfsStorage,
      ...sealed,
    };
    const { env } = await runnerGit(host, checkout, state);
    const at = { env, cwd: checkout.root };
    const commit = await headCommit(at, base);
    if (!commit.ok) return commit;
    state.commit = commit.value;
    const kept = await keepObjects(at, state, { home, roots: [commit.value] });
    if (!kept.ok) return kept;
    const written = await writeFiles((args) => runGit(args, at), base, indexFileOf(checkout));
    if (!written.ok) return err(missingObjects(repo, written.error.message) ?? written.error);
    const filled = await fillLfs(owner, { checkout, state, env });
    if (!filled.ok) return filled;
    state.indexDigest = await digestOfFile(indexFileOf(checkout));
    await writeAgentGitDir(repo, {
      root: checkout.root,
      commit: state.commit,
      objects: agentObjects(home, state),
      indexFile: indexFileOf(checkout),
      sparse: state.sparse,
      excludes: excludesFor(repo, state),
    });
    await writeAgentGlobalConfig(host, join(home, 'gitconfig'));
    const provisioned = await provision(checkout, state, { env, packageFolders: base.packageFolders });
    if (!provisioned.ok) return provisioned;
    state.furnishedAtMs = (await stat(join(home, 'gitconfig'))).ctimeMs;
    registry.set(home, state);
    return ok({ ...checkout, withoutContent: filled.value });
  });
}

/** Puts an index of `base.tree` into place and writes its files. One that belongs to another tree is brought over. */
async function writeFiles(
  git: (args: string[]) => Promise<Result<GitOutput>>,
  base: CheckoutBase,
  index: string,
): Promise<Result<unknown>> {
  if (base.indexFile !== null) await copyIndexFile(base.indexFile, index);
  // With `--reset -u` every file that is not there is written, but for those that sparse patterns leave out.
  return base.indexFile !== null && base.snapshotTree === base.tree
    ? git(['checkout-index', '--all', '--index', '--quiet'])
    : git(['read-tree', '--reset', '-u', base.tree]);
}

/** A partial clone that has not fetched its files yet: git is not allowed to fetch them for us. */
function missingObjects(repo: Repository, said: string) {
  if (!/cannot read object|unable to read|missing blob|promisor|invalid object/i.test(said)) return null;
  return failure('checkout-failed', `The repository lacks objects of its own files: ${said}`, {
    next: `fetch them first: git -C ${JSON.stringify(repo.topLevel)} checkout HEAD -- .`,
  });
}
