import { type Dirent } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Every folder above the given files, `''` for the top among them. */
export function foldersOf(files: Iterable<string>): Set<string> {
  const folders = new Set(['']);
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
      const folder = file.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/** Reads a folder that an agent may have locked against us. */
async function readLocked(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    if (code !== 'EACCES') throw error;
    await chmod(path, 0o700);
    return readdir(path, { withFileTypes: true });
  }
}

/** Removes anything, folders that the agent locked against us included. */
export async function removeAll(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    await unlock(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function unlock(path: string): Promise<void> {
  await chmod(path, 0o700).catch(() => undefined);
  for (const entry of await readLocked(path)) if (entry.isDirectory()) await unlock(join(path, entry.name));
}

/**
 * Removes everything below `root` that is not in `keep` (files and links, `/`-separated), ignored or not, special
 * files and repositories of their own included. Links are never followed.
 */
export async function removeUnknown(root: string, keep: ReadonlySet<string>): Promise<void> {
  const folders = foldersOf(keep);
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readLocked(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && folders.has(path)) await visit(path);
      else if (entry.isDirectory() || !(entry.isFile() || entry.isSymbolicLink()) || !keep.has(path))
        await removeAll(join(root, path));
    }
  };
  await visit('');
}

/** What an agent left that no patch can carry and git does not list. */
export interface Oddities {
  /** Folders that hold a `.git` of their own. */
  repositories: string[];
  /** Pipes, sockets and devices. */
  special: string[];
  /** Folders that hold no file git knows of. */
  unknownFolders: string[];
}

/**
 * Looks through `folders` (as `foldersOf` gives them) below `start` and names what does not belong there. Links are
 * not followed.
 */
export async function findOddities(
  root: string,
  folders: ReadonlySet<string>,
  start = '',
): Promise<Oddities> {
  const found: Oddities = { repositories: [], special: [], unknownFolders: [] };
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readLocked(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === '.git') {
        if (folder !== '') found.repositories.push(folder);
      } else if (entry.isDirectory()) {
        if (folders.has(path)) await visit(path);
        else found.unknownFolders.push(path);
      } else if (!entry.isFile() && !entry.isSymbolicLink()) found.special.push(path);
    }
  };
  await visit(start);
  return found;
}
