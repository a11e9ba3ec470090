import { lstat, readdir } from '../files/at-once';
import { join } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type Repository } from './contracts';
import { copyIndexFile } from './index-file';
import { parseIndexListing } from './index-listing';
import { type Image, type LandTarget } from './land-plan';
import { splitNul } from './names';
import { type GitOutput, runGit } from './run-git';
import { harmless } from './snapshot-git';

/** Runs git in the user's working tree with a private index and private objects. */
export type WorkingTreeGit = (
  args: string[],
  input?: string,
  answers?: number[],
) => Promise<Result<GitOutput>>;

export function workingTreeGit(repo: Repository, env: Record<string, string>): WorkingTreeGit {
  return (args, input, answers) =>
    runGit([...harmless, ...args], {
      cwd: repo.topLevel,
      env,
      ...(input === undefined ? {} : { input }),
      ...(answers ? { answers } : {}),
    });
}

const nul = (paths: readonly string[]): string => paths.map((path) => `${path}\0`).join('');

/** Files below a folder, the first few: enough to name what is in the way. */
async function filesBelow(folder: string, path: string, found: string[]): Promise<void> {
  for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
    if (found.length >= 20) return;
    if (entry.isDirectory()) await filesBelow(folder, `${path}/${entry.name}`, found);
    else found.push(`${path}/${entry.name}`);
  }
}

/** What lies at a path on disk: a file or link of its own, and what stands in the way of writing there. */
async function lookAt(
  topLevel: string,
  path: string,
  vanishing: ReadonlySet<string>,
): Promise<{ present: boolean; obstacles: string[] }> {
  const parts = path.split('/');
  for (let i = 1; i < parts.length; i += 1) {
    const above = parts.slice(0, i).join('/');
    const stat = await lstat(join(topLevel, above)).catch(() => null);
    if (stat === null) return { present: false, obstacles: [] };
    if (!stat.isDirectory()) return { present: false, obstacles: vanishing.has(above) ? [] : [above] };
  }
  const stat = await lstat(join(topLevel, path)).catch(() => null);
  if (!stat?.isDirectory()) return { present: stat !== null, obstacles: [] };
  const below: string[] = [];
  await filesBelow(topLevel, path, below);
  return { present: false, obstacles: below.filter((file) => !vanishing.has(file)) };
}

/**
 * Reads what the index and the disk have at every changed path, the way `git add` would see it (line endings and
 * filters of the user applied). `indexFile` is a copy of the user's index that this may change. `changes` have
 * top-relative paths.
 */
export async function readTargets(
  repo: Repository,
  git: WorkingTreeGit,
  changes: readonly FileChange[],
): Promise<Result<LandTarget[]>> {
  const list = async (): Promise<
    Result<Map<string, { image: Image; hidden: boolean; skipped: boolean }>>
  > => {
    const listed = await git(['ls-files', '-v', '-z', '--stage']);
    if (!listed.ok) return listed;
    return ok(
      new Map(
        parseIndexListing(splitNul(listed.value.stdout)).entries.map((e) => [
          e.path,
          {
            image: { mode: e.mode, oid: e.oid },
            hidden: e.assumeUnchanged || e.skipWorktree,
            skipped: e.skipWorktree,
          },
        ]),
      ),
    );
  };
  const staged = await list();
  if (!staged.ok) return staged;
  const paths = changes.map((c) => c.path);
  const vanishing = new Set(changes.filter((c) => c.after === null).map((c) => c.path));
  const looks = new Map<string, { present: boolean; obstacles: string[] }>();
  for (const path of paths) looks.set(path, await lookAt(repo.topLevel, path, vanishing));

  const hidden = paths.filter((path) => staged.value.get(path)?.hidden);
  for (const flag of ['--no-assume-unchanged', '--no-skip-worktree']) {
    if (hidden.length === 0) continue;
    const shown = await git(['update-index', flag, '-z', '--stdin'], nul(hidden));
    if (!shown.ok) return shown;
  }
  const present = paths.filter((path) => looks.get(path)?.present);
  const added = await git(['update-index', '--add', '--replace', '-z', '--stdin'], nul(present));
  if (!added.ok) return added;
  const onDisk = await list();
  if (!onDisk.ok) return onDisk;
  return ok(
    changes.map(({ path, before, after }) => {
      const stagedHere = staged.value.get(path);
      const seen = looks.get(path);
      // A file that a sparse checkout leaves out is not a deleted one.
      const leftOut = !seen?.present && stagedHere?.skipped;
      return {
        path,
        head: before,
        staged: stagedHere?.image ?? null,
        disk: seen?.present ? (onDisk.value.get(path)?.image ?? null) : leftOut ? before : null,
        after,
        obstacles: after === null ? [] : (seen?.obstacles ?? []),
      };
    }),
  );
}

/** Copies the user's index to where it may be changed; a repository without one gets none. */
export async function copyIndex(repo: Repository, to: string): Promise<void> {
  await copyIndexFile(join(repo.gitDir, 'index'), to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
