import { dirname, join } from 'node:path';
import type { Repository } from './contracts';
import { splitNul } from './names';
import { findChangedSince, foldersTouchedSince } from './outside-writes';
import { runGit, userGitEnv, type HostEnv } from './run-git';

/** What was made, written or deleted in the tree of a person; see `GitEdge.changedInTree`. */
export async function changedInTree(
  host: HostEnv,
  { topLevel }: Pick<Repository, 'topLevel'>,
  { sinceMs, skip }: { sinceMs: number; skip: readonly string[] },
): Promise<string[]> {
  const written = await findChangedSince([topLevel], sinceMs, { skip });
  const touched = new Set(foldersTouchedSince(topLevel, sinceMs, { skip }));
  if (touched.size === 0) return written;
  const listed = await runGit(['ls-files', '-z', '--deleted'], { cwd: topLevel, env: userGitEnv(host) });
  const gone = (listed.ok ? splitNul(listed.value.stdout) : [])
    .map((path) => join(topLevel, path))
    .filter((path) => isBelowTouched(path, { topLevel, touched }));
  return [...new Set([...written, ...gone])].sort();
}

/** Names were taken from one of its folders, or from one above a folder that is gone itself. */
function isBelowTouched(path: string, { topLevel, touched }: { topLevel: string; touched: Set<string> }) {
  for (let folder = dirname(path); folder.length >= topLevel.length; folder = dirname(folder))
    if (touched.has(folder)) return true;
  return false;
}
