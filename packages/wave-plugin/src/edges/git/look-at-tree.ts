import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, type Result, failure, ok } from '@nx-wave/schemas/plain';
import { type CheckoutState } from './checkout-state';
import { type Checkout } from './contracts';
import { type IndexEntry, parseIndexListing } from './index-listing';
import { splitNul, toWorkspacePath } from './paths';
import { runGit } from './run-git';
import { findOddities, foldersOf } from './scan-tree';

/** What the runner sees in a checkout before it stores anything. */
export interface Seen {
  tracked: IndexEntry[];
  /** Files that the index does not know and no pattern ignores, top-relative. */
  untracked: string[];
  refusals: Failure[];
}

/** Names paths that no slice can carry. */
export function refusal(
  code: 'nested-repository' | 'special-file' | 'slice-too-large',
  paths: string[],
  { message, next }: { message: string; next: string },
): Failure {
  return failure(code, `${message}: ${paths.join(', ')}.`, {
    place: { path: paths[0] ?? '' },
    next,
    facts: { paths },
  });
}

/**
 * Looks at the tree with the runner's index: what is new, and what cannot travel.
 * Codes: collect-failed.
 */
export async function lookAtTree(
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
      refusal('nested-repository', nested, {
        message: 'A folder became a git repository of its own',
        next: 'remove the `.git` inside it, so that its files belong to the workspace',
      }),
    );
  if (written.length > 0)
    refusals.push(
      refusal('special-file', here(written), {
        message: 'Files inside a submodule cannot be part of a slice',
        next: 'change the submodule in its own repository',
      }),
    );
  const special = here(odd.special.filter((path) => !skipped(path)));
  if (special.length > 0)
    refusals.push(
      refusal('special-file', special, {
        message: 'Pipes, sockets and devices cannot be part of a slice',
        next: 'remove them',
      }),
    );
  return ok({ tracked, untracked: files.filter((path) => !path.endsWith('/')), refusals });
}
