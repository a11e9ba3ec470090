import { type Dirent, type Stats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** Entries looked at between two turns of the event loop. */
const batch = 2000;

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * By the times of making and writing. The change time tells more than it should: it moves with the number of hard links,
 * which a package manager changes by installing somewhere else from the same store.
 */
function isWritten({ mtimeMs, birthtimeMs }: Stats, sinceMs: number): boolean {
  return mtimeMs >= sinceMs || birthtimeMs >= sinceMs;
}

/** Folders below `root`, and itself, in which names were added or taken away at or after `sinceMs`. Links are not followed. */
export function foldersTouchedSince(
  root: string,
  sinceMs: number,
  { skip = [] }: { skip?: readonly string[] } = {},
): string[] {
  const found: string[] = [];
  const todo = [root];
  for (let folder = todo.pop(); folder !== undefined; folder = todo.pop()) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat !== undefined && stat.mtimeMs >= sinceMs) found.push(folder);
    const parent = folder;
    todo.push(
      ...list(folder)
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(parent, name))
        .filter((path) => !skip.includes(path)),
    );
  }
  return found.sort();
}

/** Files below a folder that were there at `sinceMs` and have been written to in their place since. */
export async function rewrittenSince(folder: string, sinceMs: number): Promise<string[]> {
  const written = await findChangedSince([folder], sinceMs, { limit: 1_000 });
  return written.filter((path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat !== undefined && stat.birthtimeMs > 0 && stat.birthtimeMs < sinceMs;
  });
}

/**
 * Files below `folders` that were made or written to at or after `sinceMs`. Links are not followed, caches of tools not looked at. Stops at `limit` names; `skip`: folders that are left out.
 */
export async function findChangedSince(
  folders: readonly string[],
  sinceMs: number,
  { limit = 20, skip = [] }: { limit?: number; skip?: readonly string[] } = {},
): Promise<string[]> {
  const found: string[] = [];
  const todo = [...folders];
  let looked = 0;
  for (let folder = todo.pop(); folder !== undefined && found.length < limit; folder = todo.pop()) {
    for (const entry of list(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== '.cache' && !skip.includes(path)) todo.push(path);
      } else if (entry.isFile()) {
        const stat = lstatSync(path, { throwIfNoEntry: false });
        if (stat && isWritten(stat, sinceMs) && found.length < limit) found.push(path);
      }
      looked += 1;
      if (looked % batch === 0) await setImmediate();
    }
  }
  return found.sort();
}
