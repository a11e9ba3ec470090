import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Checkout, type CollectOptions, type Collected } from './contracts';
import { readArtifacts } from './artifacts';
import {
  type CheckoutRegistry,
  type CheckoutState,
  ensureIndex,
  indexFileOf,
  runnerGit,
  stateOf,
} from './checkout-state';
import { readChanges, readPatch, refuseGitlinks } from './diff-trees';
import { copyIndexFile } from './index-file';
import { type IndexEntry, parseIndexListing } from './index-listing';
import { guardIo } from './io-failure';
import { packImages } from './pack';
import { splitNul, toWorkspacePath } from './paths';
import { findOddities, foldersOf } from './scan-tree';
import { type HostEnv, runGit } from './run-git';

interface Seen {
  tracked: IndexEntry[];
  /** Files that the index does not know and no pattern ignores, top-relative. */
  untracked: string[];
  refusals: Failure[];
}

function refusal(
  code: 'nested-repository' | 'special-file',
  paths: string[],
  message: string,
  next: string,
): Failure {
  return failure(code, `${message}: ${paths.join(', ')}.`, {
    place: { path: paths[0] ?? '' },
    next,
    facts: { paths },
  });
}

/** Looks at the tree with the runner's index: what is new, and what cannot travel. */
async function look(
  checkout: Checkout,
  state: CheckoutState,
  env: Record<string, string>,
): Promise<Result<Seen>> {
  const git = (args: string[], input?: string) =>
    runGit(args, { cwd: checkout.root, env, answers: [0, 1], ...(input === undefined ? {} : { input }) });
  const [listed, others] = await Promise.all([
    git(['ls-files', '-v', '-z', '--stage']),
    git(['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  if (!listed.ok) return listed;
  if (!others.ok) return others;
  const [entries, untracked] = [splitNul(listed.value.stdout), splitNul(others.value.stdout)];
  if (!entries.ok) return entries;
  if (!untracked.ok) return untracked;
  const tracked = parseIndexListing(entries.value);
  const links = state.links.map((path) => `${state.repo.prefix}${path.replace(/\/$/, '')}`);
  const skipped = (path: string) =>
    path.split('/').includes('node_modules') ||
    path.startsWith(`${state.repo.prefix}.nx-wave/`) ||
    links.some((link) => path === link || path.startsWith(`${link}/`));
  const files = untracked.value.filter((path) => !skipped(path));
  const repositories = files.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));

  const folders = foldersOf([...tracked.map((e) => e.path), ...files.filter((path) => !path.endsWith('/'))]);
  const odd = findOddities(checkout.root, (folder) => folders.has(folder));
  const submodules = new Set(tracked.filter((e) => e.mode === '160000').map((e) => e.path));
  const unknown = odd.unknownFolders.filter(
    (f) => !skipped(`${f}/`) && !submodules.has(f) && !repositories.includes(f),
  );
  if (unknown.length > 0) {
    const ignored = await runGit(['check-ignore', '-z', '--stdin'], {
      cwd: checkout.root,
      env: { ...env, GIT_LITERAL_PATHSPECS: '0' },
      answers: [0, 1],
      input: unknown.map((f) => `${f}\0`).join(''),
    });
    if (!ignored.ok) return ignored;
    const names = splitNul(ignored.value.stdout);
    if (!names.ok) return names;
    for (const folder of unknown.filter((f) => !names.value.includes(f))) {
      const below = findOddities(checkout.root, () => true, folder);
      odd.repositories.push(...below.repositories);
      odd.special.push(...below.special);
    }
  }
  const written: string[] = [];
  for (const path of submodules) {
    const names = await readdir(join(checkout.root, path)).catch(() => []);
    if (names.length > 0 && !links.includes(path)) written.push(path);
  }
  const here = (paths: string[]) =>
    [...new Set(paths)].sort().map((p) => toWorkspacePath(state.repo.prefix, p));
  const refusals: Failure[] = [];
  const nested = here([
    ...repositories,
    ...odd.repositories.filter((f) => !submodules.has(f) && !skipped(`${f}/`)),
  ]);
  if (nested.length > 0)
    refusals.push(
      refusal(
        'nested-repository',
        nested,
        'A folder became a git repository of its own',
        'remove the `.git` inside it, so that its files belong to the workspace',
      ),
    );
  if (written.length > 0)
    refusals.push(
      refusal(
        'special-file',
        here(written),
        'Files inside a submodule cannot be part of a slice',
        'change the submodule in its own repository',
      ),
    );
  const special = here(odd.special.filter((path) => !skipped(path)));
  if (special.length > 0)
    refusals.push(
      refusal('special-file', special, 'Pipes, sockets and devices cannot be part of a slice', 'remove them'),
    );
  return ok({ tracked, untracked: files.filter((path) => !path.endsWith('/')), refusals });
}

/**
 * Everything that differs from the base, seen with a git directory and an index of the runner's own: the agent's
 * index flags, ignore files in `.git`, attributes, filters and configuration have no say.
 * Codes: nested-repository, special-file, slice-too-large, collect-failed, disk-full.
 */
export function collectChanges(
  host: HostEnv,
  registry: CheckoutRegistry,
  checkout: Checkout,
  options: CollectOptions,
): Promise<Result<Collected>> {
  return guardIo('collect-failed', 'collecting the changes of the agent', async () => {
    const known = stateOf(registry, checkout);
    if (!known.ok) return known;
    const state = known.value;
    const runner = await runnerGit(host, checkout, state);
    const index = await ensureIndex(checkout, state, runner.env);
    if (!index.ok) return index;
    const seen = await look(checkout, state, runner.env);
    if (!seen.ok) return seen;
    const { refusals, tracked, untracked } = seen.value;
    if (refusals[0] && !options.partial) return err(refusals[0]);

    const collectIndex = join(checkout.runnerGitDir, 'collect.index');
    await copyIndexFile(indexFileOf(checkout), collectIndex);
    const env = { ...runner.env, GIT_INDEX_FILE: collectIndex };
    const git = (args: string[], input?: string) =>
      runGit(args, { cwd: checkout.root, env, ...(input === undefined ? {} : { input }) });
    const updated = await git(['add', '--update', '--sparse']);
    if (!updated.ok) return updated;
    const artifactPaths = options.artifactPaths.map((path) => path.replace(/\/+$/, ''));
    const isArtifact = (path: string) => {
      const own = toWorkspacePath(state.repo.prefix, path);
      return artifactPaths.some((a) => own === a || own.startsWith(`${a}/`));
    };
    const files = untracked.filter((path) => !isArtifact(path));
    if (files.length > 0) {
      const added = await git(
        ['update-index', '--add', '--replace', '-z', '--stdin'],
        files.map((f) => `${f}\0`).join(''),
      );
      if (!added.ok) return added;
    }
    const written = await git(['write-tree']);
    if (!written.ok) return written;
    const tree = written.value.stdout.toString().trim();

    const changes = await readChanges(env, checkout.root, checkout.baseTree, tree, state.repo.prefix);
    if (!changes.ok) return changes;
    const links = refuseGitlinks(changes.value);
    if (!links.ok) return links;
    const artifacts = await readArtifacts(checkout.workspaceDir, artifactPaths);
    if (!artifacts.ok) return artifacts;
    const patch = await readPatch(env, checkout.root, checkout.baseTree, tree);
    if (!patch.ok) return patch;
    const packed = await packImages(env, checkout.root, changes.value, options.packFile);
    if (!packed.ok) return packed;
    const trackedPaths = new Set(tracked.map((e) => toWorkspacePath(state.repo.prefix, e.path)));
    return ok({
      changes: changes.value,
      packFile: packed.value ? options.packFile : null,
      patch: patch.value,
      artifacts: artifacts.value.filter((a) => !trackedPaths.has(a.path)),
      tree,
      refusals,
    });
  });
}
