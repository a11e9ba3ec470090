import { type FileChange } from '@nx-wave/schemas';
import { type TreeEntry } from './read-file-at';
import { foldersOf } from './scan-tree';

/** Every path that decides whether changes fit onto a tree: their own and the folders above them. */
export function pathsThatDecide(paths: readonly string[]): string[] {
  return [...new Set([...paths, ...foldersOf(paths)])].filter((path) => path !== '');
}

/** A tree, and the changes that were put onto it since it was read. */
export interface TreeView {
  /** Whether the tree has, at every path, exactly what a slice found there: then nothing is left to merge. */
  fits(changes: readonly FileChange[]): boolean;
  /** Puts changes that fit onto the tree. */
  apply(changes: readonly FileChange[]): void;
}

/**
 * `entries` are those of the tree at all paths that decide. A file where a slice wants a folder, or a folder where it
 * wants a file, never fits. Paths of changes are those of the repository's top folder.
 */
export function createTreeView(entries: ReadonlyMap<string, TreeEntry>): TreeView {
  const written = new Map<string, FileChange['after']>();
  const folders = new Set<string>();
  const fileAt = (path: string): FileChange['after'] | 'none' => {
    const own = written.get(path);
    if (own !== undefined) return own;
    const entry = entries.get(path);
    return entry === undefined ? null : entry.type === 'blob' ? entry : 'none';
  };
  const fitsOne = ({ path, before }: FileChange): boolean => {
    const there = fileAt(path);
    if (before !== null)
      return there !== null && there !== 'none' && there.mode === before.mode && there.oid === before.oid;
    if (there !== null || folders.has(path)) return false;
    return [...foldersOf([path])].every((folder) => {
      const above = folder === '' ? null : fileAt(folder);
      return above === null || (above === 'none' && entries.get(folder)?.type === 'tree');
    });
  };
  return {
    fits: (changes) => changes.every(fitsOne),
    apply(changes) {
      for (const { path, after } of changes) written.set(path, after);
      const files = changes.filter(({ after }) => after !== null).map(({ path }) => path);
      for (const folder of foldersOf(files)) folders.add(folder);
    },
  };
}
