import { randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { rm } from '../files/at-once';
import { join } from 'node:path';
import { decodeName, diskPath } from './names';

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

/** What a folder holds under one name. */
interface Entry {
  name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Node gives U+FFFD for what is not UTF-8: only such a folder is read again as bytes. */
function readEntries(path: string): Entry[] {
  const entries = readdirSync(diskPath(path), { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries;
  return readdirSync(diskPath(path), { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: decodeName(entry.name),
    isFile: () => entry.isFile(),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }));
}

/**
 * Reads a folder that an agent may have locked against us. Synchronous, like the walks below: on ten thousand files
 * they take a fifth of the time of the asynchronous calls.
 */
function readLocked(path: string): Entry[] {
  try {
    return readEntries(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    if (code !== 'EACCES') throw error;
    chmodSync(diskPath(path), 0o700);
    return readEntries(path);
  }
}

/** Bytes of a path that the system still takes, with room for one name below it. */
const longestPath = 3_800;

/** Removes anything, folders that the agent locked against us, or nested without end, included. */
export async function removeAll(path: string): Promise<void> {
  if (removePlainly(path)) return;
  try {
    await rm(diskPath(path), { recursive: true, force: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENAMETOOLONG') {
      liftDeep(path);
      return removeAll(path);
    }
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    unlock(path);
    await rm(diskPath(path), { recursive: true, force: true });
  }
}

/**
 * A folder in the way that takes half the time of Node's, which looks at each file twice; false where that is not enough. Nothing is
 * followed: what is no folder in the moment in which it is opened is left to the other way.
 */
function removePlainly(folder: string): boolean {
  try {
    if (!lstatSync(folder).isDirectory()) return false;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) unlinkSync(path);
      else if (!removePlainly(path)) return false;
    }
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Moves folders that are too deep to be removed where they are right below `root`, until none is left. */
function liftDeep(root: string): void {
  const deep: string[] = [root];
  const visit = (folder: string): void => {
    for (const entry of readLocked(folder)) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) continue;
      if (Buffer.byteLength(path) < longestPath / 2) visit(path);
      else {
        const lifted = join(root, randomUUID());
        renameSync(diskPath(path), lifted);
        deep.push(lifted);
      }
    }
  };
  for (let next = deep.pop(); next !== undefined; next = deep.pop()) visit(next);
}

function unlock(path: string): void {
  chmodSync(diskPath(path), 0o700);
  for (const entry of readLocked(path)) if (entry.isDirectory()) unlock(join(path, entry.name));
}

/**
 * Removes everything below `root` that is not in `keep` (files and links, `/`-separated), ignored or not, special
 * files and repositories of their own included. Links are never followed.
 */
export async function removeUnknown(root: string, keep: ReadonlySet<string>): Promise<void> {
  const folders = foldersOf(keep);
  const unknown: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readLocked(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && folders.has(path)) visit(path);
      else if (entry.isDirectory() || !(entry.isFile() || entry.isSymbolicLink()) || !keep.has(path))
        unknown.push(path);
    }
  };
  visit('');
  for (const path of unknown) await removeAll(join(root, path));
}

/** What an agent left that no patch can carry and git does not list. */
export interface Oddities {
  /** Folders that hold a `.git` of their own. */
  repositories: string[];
  /** Pipes, sockets and devices. */
  special: string[];
  /** Folders that hold no file git knows of. */
  unknownFolders: string[];
  /** Folders whose path is too long to be looked into. */
  tooDeep: string[];
  /** Links where a folder was to be entered. */
  replaced: string[];
}

/**
 * Looks through `root` below `start` and names what does not belong there, entering the folders that `enters` says.
 * Links are not followed.
 */
export function findOddities(root: string, enters: (folder: string) => boolean, start = ''): Oddities {
  const found: Oddities = { repositories: [], special: [], unknownFolders: [], tooDeep: [], replaced: [] };
  const visit = (folder: string): void => {
    if (Buffer.byteLength(join(root, folder)) > longestPath) {
      found.tooDeep.push(folder);
      return;
    }
    for (const entry of readLocked(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === '.git') {
        if (folder !== '') found.repositories.push(folder);
      } else if (entry.isDirectory()) {
        if (enters(path)) visit(path);
        else found.unknownFolders.push(path);
      } else if (entry.isSymbolicLink()) {
        if (enters(path)) found.replaced.push(path);
      } else if (!entry.isFile()) found.special.push(path);
    }
  };
  visit(start);
  return found;
}
