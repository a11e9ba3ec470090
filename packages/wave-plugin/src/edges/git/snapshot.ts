import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Repository, type Snapshot, type SnapshotRequest } from './contracts';
import { type GitOutput, type GitPlace, type HostEnv, privateGitEnv, runGit, userGitEnv } from './run-git';
import { guardIo } from './io-failure';
import { isUtf8Name, showName, splitNul } from './names';
import { readChanges } from './diff-trees';
import { quoteAlternate, toWorkspacePath } from './paths';
import { writeBorrowed } from './private-git-dir';
import { copyIndexFile } from './index-file';
import { type IndexEntry, parseIndexListing } from './index-listing';

/** Settings that keep git, working on the user's repository, from running a hook or writing beside our own files. */
export const harmless = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.splitIndex', 'false'],
  ['core.untrackedCache', 'keep'],
  ['core.safecrlf', 'false'],
  ['index.sparse', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
  ['add.ignoreErrors', 'false'],
  ['gc.auto', '0'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** The object directories of the user's repository. */
export function userObjects(repo: Repository): string {
  return join(repo.commonDir, 'objects');
}

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
 * Takes the working state of the user's repository as a tree and a commit on top of their HEAD, with a temporary index
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
    const at = { cwd: repo.topLevel, env: snapshotEnv(host, repo, { objectDir, indexFile }) };
    const git: Git = (args, input, answers) =>
      runGit([...harmless, ...args], {
        ...at,
        ...(input === undefined ? {} : { input }),
        ...(answers ? { answers } : {}),
      });
    if (!(await copyUserIndex(repo, indexFile)) || mode === 'head') {
      const read = await git(['read-tree', '--reset', 'HEAD']);
      if (!read.ok) return read;
    }
    const [head, listed, others, sparseSetting] = await Promise.all([
      git(['log', '-1', '--no-show-signature', '--format=%H %ct %T', 'HEAD']),
      git(['ls-files', '-v', '-z', '--stage']),
      mode === 'worktree' ? git(['ls-files', '-z', '--others', '--exclude-standard']) : null,
      git(['config', '--type=bool', '--get', 'core.sparseCheckout'], undefined, [0, 1]),
    ]);
    if (!head.ok) return head;
    if (!listed.ok) return listed;
    if (!sparseSetting.ok) return sparseSetting;
    const entries = parseIndexListing(splitNul(listed.value.stdout));
    const here = (path: string) => showName(toWorkspacePath(repo.prefix, path));
    const conflicted = [...new Set(entries.filter((e) => e.stage > 0).map((e) => here(e.path)))];
    if (conflicted.length > 0) return err(unmerged(conflicted));
    const warnings = emptySubmodules(entries.filter((e) => e.mode === '160000').map((e) => here(e.path)));
    if (others !== null) {
      if (!others.ok) return others;
      const excluded = exclude.map((path) => `${repo.prefix}${path.replace(/\/$/, '')}`);
      const wanted = splitNul(others.value.stdout).filter(
        (path) => !excluded.some((ex) => path === ex || path.startsWith(`${ex}/`)),
      );
      const nested = wanted.filter((path) => path.endsWith('/'));
      warnings.push(...skippedRepositories(nested.map((path) => here(path.slice(0, -1)))));
      const added = await addWork(git, wanted);
      if (!added.ok) return added;
    }
    const shown = await showHidden(git, entries, /true/.test(sparseSetting.value.stdout.toString()));
    if (!shown.ok) return shown;
    const written = await git(['write-tree']);
    if (!written.ok) return written;
    const tree = written.value.stdout.toString().trim();
    const committed = await commitOnHead(host, at, { tree, head: head.value.stdout.toString() });
    if (!committed.ok) return committed;
    const [, , from = tree] = head.value.stdout.toString().trim().split(' ');
    const changed = await readChanges(at, { from, to: tree }, repo.prefix);
    const found = { commit: committed.value, tree, objectDir, indexFile, warnings };
    return changed.ok ? ok({ ...found, uncommitted: changed.value.filter(isPlainChange) }) : changed;
  });
}

/** Reads the user's repository and configuration, writes to the index and the object directory of the snapshot. */
function snapshotEnv(
  host: HostEnv,
  repo: Repository,
  { objectDir, indexFile }: { objectDir: string; indexFile: string },
): Record<string, string> {
  return {
    ...userGitEnv(host),
    GIT_LITERAL_PATHSPECS: '1',
    GIT_INDEX_FILE: indexFile,
    GIT_OBJECT_DIRECTORY: objectDir,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(userObjects(repo)),
  };
}

/** False where the user's repository has no index. */
async function copyUserIndex(repo: Repository, indexFile: string): Promise<boolean> {
  try {
    await copyIndexFile(join(repo.gitDir, 'index'), indexFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

/** Brings what the user has changed, and the untracked files among `paths`, into the index. */
async function addWork(git: Git, paths: readonly string[]): Promise<Result<unknown>> {
  const updated = await git(['add', '--update', '--sparse']);
  const files = paths.filter((path) => !path.endsWith('/'));
  if (!updated.ok || files.length === 0) return updated;
  return git(['update-index', '--add', '--replace', '-z', '--stdin'], files.map((f) => `${f}\0`).join(''));
}

/** Takes off the marks by which git would believe entries unchanged without looking: in our index nothing may hide. */
async function showHidden(
  git: Git,
  entries: readonly IndexEntry[],
  sparse: boolean,
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

/** A commit of the tree; `head` is `<commit> <seconds>` of the user's HEAD, whose time it takes. */
async function commitOnHead(
  host: HostEnv,
  at: GitPlace,
  { tree, head }: { tree: string; head: string },
): Promise<Result<string>> {
  const [parent, seconds] = head.trim().split(' ');
  const date = `${seconds} +0000`;
  const committed = await runGit(['commit-tree', tree, '-p', parent ?? 'HEAD', '-m', 'working state'], {
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
