import { readdir } from '../files/at-once';
import { join } from 'node:path';
import { type Failure, type Result, failure, ok } from '@nx-wave/schemas/plain';
import { type CheckoutState } from './checkout-state';
import { type Checkout } from './contracts';
import { type IndexEntry, type IndexListing, parseIndexListing } from './index-listing';
import { showName, splitNul } from './names';
import { toWorkspacePath } from './paths';
import { type GitPlace, runGit } from './run-git';
import { findOddities, foldersOf } from './scan-tree';

/** What the runner sees in a checkout before it stores anything. */
export interface Seen {
  tracked: IndexEntry[];
  /** Files that the index does not know and no pattern ignores, top-relative. */
  untracked: string[];
  /** Tracked files that differ from their entries, or are gone, as far as they can be told by path. */
  changed: string[];
  /** Whether any tracked file does, by its path or through a link in place of a folder. */
  touched: boolean;
  refusals: Failure[];
}

/** Names paths that no slice can carry; none where there are no paths. */
export function refusalOf(
  code: 'nested-repository' | 'special-file' | 'slice-too-large' | 'name-not-utf8',
  paths: string[],
  { message, next }: { message: string; next: string },
): Failure[] {
  if (paths.length === 0) return [];
  const shown = paths.map(showName);
  const facts = { place: { path: shown[0] ?? '' }, next, facts: { paths: shown } };
  return [failure(code, `${message}: ${shown.join(', ')}.`, facts)];
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
  const at = { cwd: checkout.root, env };
  const listing = await listTree(at);
  if (!listing.ok) return listing;
  const { entries: tracked, changed } = listing.value;
  const { prefix } = state.repo;
  const links = state.links.map((path) => `${prefix}${path.replace(/\/$/, '')}`);
  const skipped = (path: string) =>
    path.split('/').includes('node_modules') ||
    path.startsWith(`${prefix}.nx-wave/`) ||
    links.some((link) => path === link || path.startsWith(`${link}/`));
  const untracked = listing.value.untracked.filter((path) => !skipped(path));
  const files = untracked.filter((path) => !path.endsWith('/'));
  const repositories = untracked.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));

  const folders = foldersOf([...tracked.map((e) => e.path), ...files]);
  const odd = findOddities(checkout.root, (folder) => folders.has(folder));
  const submodules = new Set(tracked.filter((e) => e.mode === '160000').map((e) => e.path));
  const unclear = odd.unknownFolders.filter(
    (f) => !skipped(`${f}/`) && !submodules.has(f) && !repositories.includes(f) && !isPlain(at.cwd, f),
  );
  // What is ignored may hold anything: git is asked where there is something to tell, or too much to look through for nothing.
  const unknown = await notIgnored(at, unclear);
  if (!unknown.ok) return unknown;
  for (const folder of unknown.value) {
    const below = findOddities(checkout.root, () => true, folder);
    odd.repositories.push(...below.repositories);
    odd.special.push(...below.special);
    odd.tooDeep.push(...below.tooDeep);
  }
  const written = await filledFolders(
    checkout.root,
    [...submodules].filter((path) => !links.includes(path)),
  );
  const nested = odd.repositories.filter((f) => !submodules.has(f) && !skipped(`${f}/`));
  const here = (paths: string[]) => [...new Set(paths)].sort().map((p) => toWorkspacePath(prefix, p));
  const refusals = [
    ...refusalOf('nested-repository', here([...repositories, ...nested]), {
      message: 'A folder became a git repository of its own',
      next: 'remove the `.git` inside it, so that its files belong to the workspace',
    }),
    ...refusalOf('special-file', here(written), {
      message: 'Files inside a submodule cannot be part of a slice',
      next: 'change the submodule in its own repository',
    }),
    ...refusalOf('special-file', here(odd.tooDeep).map(shortened), {
      message: 'Folders are nested deeper than a path can name, and no slice can hold what is in them',
      next: 'remove them; everything else of the attempt is kept',
    }),
    ...refusalOf('special-file', here(odd.special.filter((path) => !skipped(path))), {
      message: 'Pipes, sockets and devices cannot be part of a slice',
      next: 'remove them',
    }),
  ];
  // Through a link in place of a folder, files look as they were.
  const touched = changed.length > 0 || odd.replaced.length > 0;
  return ok({ tracked, untracked: files, changed, touched, refusals });
}

const shortened = (path: string) => `${path.slice(0, 100)}…`;

/** What the index has, what differs from it, and what it does not know and no pattern ignores. */
async function listTree(at: GitPlace): Promise<Result<IndexListing>> {
  const work = ['--cached', '--modified', '--deleted', '--others', '--exclude-standard'];
  const listed = await runGit(['ls-files', '-v', '-z', '--stage', ...work], { ...at, answers: [0, 1] });
  return listed.ok ? ok(parseIndexListing(splitNul(listed.value.stdout))) : listed;
}

/** How many folders are looked through rather than asking git whether they are ignored. */
const fewFolders = 100;

/** Whether a folder holds nothing but files and links, and not too many folders of them. */
function isPlain(root: string, folder: string): boolean {
  let left = fewFolders;
  const found = findOddities(root, () => (left -= 1) >= 0, folder);
  const { repositories, special, tooDeep, unknownFolders } = found;
  return repositories.length + special.length + tooDeep.length + unknownFolders.length === 0;
}

/** Those of the folders that no pattern ignores. */
async function notIgnored({ cwd, env }: GitPlace, folders: readonly string[]): Promise<Result<string[]>> {
  if (folders.length === 0) return ok([]);
  const ignored = await runGit(['check-ignore', '-z', '--stdin'], {
    cwd,
    env: { ...env, GIT_LITERAL_PATHSPECS: '0' },
    answers: [0, 1],
    input: folders.map((f) => `${f}\0`).join(''),
  });
  if (!ignored.ok) return ignored;
  const names = splitNul(ignored.value.stdout);
  return ok(folders.filter((f) => !names.includes(f)));
}

/** Those of the folders that something is in. */
async function filledFolders(root: string, folders: readonly string[]): Promise<string[]> {
  const filled: string[] = [];
  for (const path of folders) {
    const names = await readdir(join(root, path)).catch(() => []);
    if (names.length > 0) filled.push(path);
  }
  return filled;
}
