import { stat } from '../files/at-once';
import { join } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type Repository, type Snapshot } from './contracts';
import { splitNul } from './names';
import { type HostEnv, runGit } from './run-git';
import { harmless, snapshotEnv } from './snapshot-git';

/** The user's own index. */
export function userIndex(repo: Repository): string {
  return join(repo.gitDir, 'index');
}

/** Every program that writes an index replaces it: another file, another time. */
export async function stampOf(path: string): Promise<string | null> {
  const info = await stat(path, { bigint: true }).catch(() => null);
  return info === null ? null : [info.ino, info.size, info.mtimeNs, info.ctimeNs].join('-');
}

/** Paths, top-relative, that are or stand below one of the workspace-relative paths. */
export function isExcluded(repo: Repository, exclude: readonly string[]): (path: string) => boolean {
  const excluded = exclude.map((path) => `${repo.prefix}${path.replace(/\/$/, '')}`);
  return (path) => excluded.some((one) => path === one || path.startsWith(`${one}/`));
}

/**
 * Whether the working tree is exactly the tree of a snapshot: the same commit, the same index of the user, and nothing in
 * the tree that the index of the snapshot does not know.
 */
export async function isWorkingTree(
  host: HostEnv,
  { repo, snapshot, exclude }: { repo: Repository; snapshot: Snapshot; exclude: readonly string[] },
): Promise<Result<boolean>> {
  const stamp = await stampOf(userIndex(repo));
  if (repo.head !== snapshot.head || stamp === null || stamp !== snapshot.indexStamp) return ok(false);
  const work = ['--modified', '--deleted', '--others', '--exclude-standard'];
  const env = snapshotEnv(host, repo, snapshot);
  const listed = await runGit([...harmless, 'ls-files', '-z', ...work], { cwd: repo.topLevel, env });
  if (!listed.ok) return listed;
  return ok(splitNul(listed.value.stdout).every(isExcluded(repo, exclude)));
}
