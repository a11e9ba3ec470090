import type { Stats } from 'node:fs';
import * as fs from './at-once';
import { isAbsent } from './io-errors';

/** What stands at a path, links not followed; null when nothing does. */
export async function lstatOrNull(path: string): Promise<Stats | null> {
  try {
    return await fs.lstat(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** The same for a path that an agent may have made unreadable: null, too, where it cannot be looked at. */
export async function lstatReachable(path: string): Promise<Stats | null> {
  return fs.lstat(path).catch(() => null);
}

/** Where a link leads, unresolved; empty when the path is none or cannot be read. */
export async function linkTarget(path: string): Promise<string> {
  return fs.readlink(path).catch(() => '');
}

/** A path with every link on its way resolved; itself where it cannot be looked at. */
export async function realPath(path: string): Promise<string> {
  return fs.realpath(path).catch(() => path);
}

/** Free space of the disk that a folder is on, in MiB; null when the system does not say. */
export async function freeMib(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await fs.statfs(folder);
    return Math.floor((bavail * bsize) / (1024 * 1024));
  } catch {
    return null;
  }
}

/** Tells one state of files and folders from another by their times and sizes, without reading them. */
export async function stampOf(paths: readonly string[]): Promise<string> {
  const stats = await Promise.all(paths.map(lstatReachable));
  return stats.map((one) => (one === null ? '-' : `${one.mtimeMs}:${one.size}`)).join(' ');
}
