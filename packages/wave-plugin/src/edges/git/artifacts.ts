import { type Stats } from 'node:fs';
import { lstat, readdir } from '../files/at-once';
import { join } from 'node:path';
import { type Artifact } from '@nx-wave/schemas';
import { type Failure } from '@nx-wave/schemas/plain';
import { hashFile } from '../files/read-file';
import { refusalOf } from './look-at-tree';

/** lstat of a path below `root`, null when absent or when a folder on the way is a link. */
async function lstatBelow(root: string, path: string): Promise<Stats | null> {
  let at = root;
  let stat: Stats | null = null;
  for (const part of path.split('/')) {
    if (stat !== null && !stat.isDirectory()) return null;
    at = join(at, part);
    stat = await lstat(at).catch(() => null);
    if (stat === null) return null;
  }
  return stat;
}

/**
 * The regular files at `paths` (files, or folders with all that is below them) of a workspace folder, sorted.
 * Links and special files are refused with their names: they could stand for anything.
 */
export async function readArtifacts(
  workspaceDir: string,
  paths: readonly string[],
): Promise<{ found: Artifact[]; refusals: Failure[] }> {
  const found = new Map<string, Artifact>();
  const odd: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const stat = await lstatBelow(workspaceDir, path);
    if (stat === null) return;
    if (stat.isDirectory())
      for (const name of await readdir(join(workspaceDir, path))) await visit(`${path}/${name}`);
    else if (stat.isFile())
      found.set(path, { path, sha256: (await hashFile(join(workspaceDir, path))) ?? '', size: stat.size });
    else odd.push(path);
  };
  for (const path of paths) await visit(path.replace(/\/+$/, ''));
  return {
    found: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    refusals: refusalOf('special-file', odd, {
      message: 'Only regular files can be kept as artifacts',
      next: 'write plain files there',
    }),
  };
}
