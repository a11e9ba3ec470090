import { posix } from 'node:path';
import type { FileChange } from '@nx-wave/schemas';

const isManifest = (path: string): boolean => posix.basename(path) === 'package.json';
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Folders of the `package.json` files among the paths, sorted; the top is `''`. */
export function packageFoldersOf(paths: readonly string[]): string[] {
  return [...new Set(paths.filter(isManifest).map(folderOf))].sort();
}

/** Package folders of a tree after changes were put on it in this order. Paths are those of the repository's top folder. */
export function packageFoldersAfter(
  folders: readonly string[],
  changes: readonly Pick<FileChange, 'path' | 'after'>[],
): string[] {
  const left = new Set(folders);
  for (const { path, after } of changes.filter((change) => isManifest(change.path)))
    if (after === null) left.delete(folderOf(path));
    else left.add(folderOf(path));
  return [...left].sort();
}
