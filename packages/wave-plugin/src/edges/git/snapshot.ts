import { lstatSync } from 'node:fs';
import { mkdir, readdir, rm } from '../files/at-once';
import { join } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Repository, type Snapshot, type SnapshotRequest, type TreeSettings } from './contracts';
import { type GitOutput, type GitPlace, type HostEnv, privateGitEnv, runGit } from './run-git';
import { guardIo } from './io-failure';
import { diskPath, isUtf8Name, showName, splitNul } from './names';
import { readChanges } from './diff-trees';
import { toWorkspacePath } from './paths';
import { writeBorrowed } from './private-git-dir';
import { harmless, snapshotEnv, userObjects } from './snapshot-git';
import { foldersOf } from './scan-tree';
import { treeIdOf } from './tree-id';
import { settingsFor } from './tree-settings';
import { isExcluded, stampOf, userIndex } from './working-tree';
import { packageFoldersOf } from './package-folders';
import { copyIndexFile } from './index-file';
import { type IndexEntry, type IndexListing, parseIndexListing } from './index-listing';

function unmerged(paths: string[]): Failure {
  const shown = paths.slice(0, 5).join(', ') + (paths.length > 5 ? `, and ${paths.length - 5} more` : '');
  return failure('unmerged-index', `A merge is not finished: ${shown}.`, {
    ...(paths[0] === undefined ? {} : { place: { path: paths[0] } }),
    next: 'resolve the conflicts and `git add` the files, or `git merge --abort`',
    facts: { paths },
  });
}

function skippedRepositories(paths: string[]): Failure[] {
  return paths.map((path) =>
    failure('nested-repository', `${path} is a git repository of its own: agents will not see it.`, {
      severity: 'warning',
      place: { path },
      next: 'make it a submodule, ignore it, or list it under workspace.links',
    }),
  );
}

function emptySubmodules(paths: string[]): Failure[] {
  if (paths.length === 0) return [];
  return [
    failure(
      'submodule-empty',
      `Submodules are empty folders in the checkout of an agent: ${paths.join(', ')}.`,
      {
        severity: 'note',
        next: 'list a submodule under workspace.links if agents need to read it',
        facts: { paths },
      },
    ),
  ];
}

/** A change that can be named in a record and looked up in a tree. */
function isPlainChange({ path, before, after }: FileChange): boolean {
  return isUtf8Name(path) && before?.mode !== '160000' && after?.mode !== '160000';
}

type Git = (args: string[], input?: string, answers?: number[]) => Promise<Result<GitOutput>>;

/**
 * Takes the working state of the user's repository as a tree and a commit on top of their HEAD, or as HEAD itself where
 * nothing differs from it, with a temporary index
 * and a private object directory in `into`: the user's index, objects, refs and config are not touched.
 * Codes: unmerged-index, disk-full, state-unwritable, git-failed.
 */
export function takeSnapshot(
  host: HostEnv,
  repo: Repository,
  { mode, into, exclude = [] }: SnapshotRequest,
): Promise<Result<Snapshot>> {
  return guardIo('git-failed', 'taking a snapshot of the working tree', async () => {
    const objectDir = join(into, 'objects');
    const indexFile = join(into, 'index');
    await mkdir(join(objectDir, 'pack'), { recursive: true, mode: 0o700 });
    await rm(indexFile, { force: true });
    await writeBorrowed(objectDir, [userObjects(repo)]);
    const indexStamp = await stampOf(userIndex(repo));
    const at = { cwd: repo.topLevel, env: snapshotEnv(host, repo, { objectDir, indexFile }) };
    const git: Git = (args, input, answers) =>
      runGit([...harmless, ...args], {
        ...at,
        ...(input === undefined ? {} : { input }),
        ...(answers ? { answers } : {}),
      });
    if (!(await copyUserIndex(repo, indexFile)) || mode === 'head') {
      const read = await git(['read-tree', '--reset', repo.head]);
      if (!read.ok) return read;
    }
    const listed = await listIndex(git, mode);
    if (!listed.ok) return listed;
    const { entries, untracked, changed } = listed.value;
    const here = (path: string) => showName(toWorkspacePath(repo.prefix, path));
    const conflicted = [...new Set(entries.filter((e) => e.stage > 0).map((e) => here(e.path)))];
    if (conflicted.length > 0) return err(unmerged(conflicted));
    const settings = await settingsFor(host, repo, { entries, untracked });
    if (!settings.ok) return settings;
    const isOut = isExcluded(repo, exclude);
    const wanted = untracked.filter((path) => !isOut(path));
    const files = wanted.filter((path) => !path.endsWith('/'));
    const touched =
      mode === 'worktree' &&
      (changed.length > 0 ||
        settings.value.sparse ||
        (await isSplitIndex(repo)) ||
        hasLinkedFolder(repo.topLevel, entries));
    const added = await addWork(git, files, touched);
    if (!added.ok) return added;
    const shown = await showHidden(git, entries, settings.value);
    if (!shown.ok) return shown;
    const isHead = !touched && files.length === 0 && (mode === 'head' || treeIdOf(entries) === repo.headTree);
    const state = isHead
      ? ok({ head: repo.head, commit: repo.head, tree: repo.headTree, uncommitted: [] })
      : await commitWork(host, { repo, git, at });
    if (!state.ok) return state;
    return ok({
      ...{ mode, indexStamp, objectDir, indexFile },
      ...state.value,
      settings: settings.value,
      packageFolders: packageFoldersOf([...entries.map(({ path }) => path), ...wanted]),
      warnings: warningsOf(entries, wanted, here),
    });
  });
}

/** The tree of an index that is not that of the checked-out commit, as a commit on top of it. */
async function commitWork(
  host: HostEnv,
  { repo, git, at }: { repo: Repository; git: Git; at: GitPlace },
): Promise<Result<Pick<Snapshot, 'head' | 'commit' | 'tree' | 'uncommitted'>>> {
  const head = await readHead(git);
  if (!head.ok) return head;
  const written = await git(['write-tree']);
  if (!written.ok) return written;
  const tree = written.value.stdout.toString().trim();
  const committed = await commitOnHead(host, at, { tree, head: head.value });
  if (!committed.ok) return committed;
  const changes = await readChanges(at, { from: head.value.tree, to: tree }, repo.prefix);
  if (!changes.ok) return changes;
  const uncommitted = changes.value.filter(isPlainChange);
  return ok({ head: head.value.commit, commit: committed.value, tree, uncommitted });
}

function warningsOf(
  entries: readonly IndexEntry[],
  untracked: readonly string[],
  here: (path: string) => string,
): Failure[] {
  const submodules = entries.filter(({ mode }) => mode === '160000');
  const repositories = untracked.filter((path) => path.endsWith('/'));
  return [
    ...emptySubmodules(submodules.map(({ path }) => here(path))),
    ...skippedRepositories(repositories.map((path) => here(path.slice(0, -1)))),
  ];
}

/** The user's checked-out commit; `seconds` is its time. */
interface Head {
  commit: string;
  seconds: string;
  tree: string;
}

async function readHead(git: Git): Promise<Result<Head>> {
  const asked = await git(['log', '-1', '--no-show-signature', '--format=%H %ct %T', 'HEAD']);
  if (!asked.ok) return asked;
  const [commit = '', seconds = '', tree = ''] = asked.value.stdout.toString().trim().split(' ');
  return ok({ commit, seconds, tree });
}

/** What the index has and, of a working tree, what it does not know and what differs from it. */
async function listIndex(git: Git, mode: Snapshot['mode']): Promise<Result<IndexListing>> {
  const work = ['--cached', '--modified', '--deleted', '--others', '--exclude-standard'];
  const others = mode === 'worktree' ? work : [];
  const listed = await git(['ls-files', '-v', '-z', '--stage', ...others]);
  return listed.ok ? ok(parseIndexListing(splitNul(listed.value.stdout))) : listed;
}

/** False where the user's repository has no index. */
async function copyUserIndex(repo: Repository, indexFile: string): Promise<boolean> {
  try {
    await copyIndexFile(userIndex(repo), indexFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

/** Whether the user's index may stand in several files: a copy is whole when git has written it again. */
async function isSplitIndex({ gitDir }: Repository): Promise<boolean> {
  return (await readdir(gitDir)).some((name) => name.startsWith('sharedindex.'));
}

/** Whether a link stands in place of a folder: through it, files look as they were. */
function hasLinkedFolder(topLevel: string, entries: readonly IndexEntry[]): boolean {
  const folders = foldersOf(entries.map(({ path }) => path));
  folders.delete('');
  const isLink = (folder: string) =>
    lstatSync(diskPath(join(topLevel, folder)), { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return [...folders].some(isLink);
}

/** Brings what the user has changed, and the untracked files, into the index. */
async function addWork(git: Git, files: readonly string[], changed: boolean): Promise<Result<unknown>> {
  const updated = changed ? await git(['add', '--update', '--sparse']) : ok(null);
  if (!updated.ok || files.length === 0) return updated;
  return git(['update-index', '--add', '--replace', '-z', '--stdin'], files.map((f) => `${f}\0`).join(''));
}

/** Takes off the marks by which git would believe entries unchanged without looking: in our index nothing may hide. */
async function showHidden(
  git: Git,
  entries: readonly IndexEntry[],
  { sparse }: TreeSettings,
): Promise<Result<unknown>> {
  const assumed = entries.filter((e) => e.assumeUnchanged);
  const skipped = sparse ? [] : entries.filter((e) => e.skipWorktree);
  for (const [flag, hidden] of [
    ['--no-assume-unchanged', assumed],
    ['--no-skip-worktree', skipped],
  ] as const) {
    if (hidden.length === 0) continue;
    const paths = hidden.map(({ path }) => `${path}\0`).join('');
    const shown = await git(['update-index', flag, '-z', '--stdin'], paths);
    if (!shown.ok) return shown;
  }
  return ok(undefined);
}

/** A commit of the tree on HEAD, whose time it takes. */
async function commitOnHead(
  host: HostEnv,
  at: GitPlace,
  { tree, head }: { tree: string; head: Head },
): Promise<Result<string>> {
  const date = `${head.seconds} +0000`;
  const committed = await runGit(['commit-tree', tree, '-p', head.commit, '-m', 'working state'], {
    cwd: at.cwd,
    env: { ...at.env, ...privateIdentity(host), GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
  return committed.ok ? ok(committed.value.stdout.toString().trim()) : committed;
}

function privateIdentity(host: HostEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(privateGitEnv(host)).filter(([name]) => /^GIT_(AUTHOR|COMMITTER)_/.test(name)),
  );
}
