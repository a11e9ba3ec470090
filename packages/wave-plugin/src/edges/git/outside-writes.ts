import { type Dirent, type Stats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** Entries met between two turns of the event loop. */
const batch = 2000;
/** So many names say enough. */
const mostNamed = 1_000;

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

/**
 * Files below a folder that were there at `sinceMs` and have been written to in their place since, sorted. `most`: of how many files the
 * times are asked at the most; `whole` tells whether that was enough.
 */
export async function rewrittenSince(
  folder: string,
  sinceMs: number,
  most: number,
): Promise<{ paths: string[]; whole: boolean }> {
  const paths: string[] = [];
  let asked = 0;
  for await (const path of filesBelow([folder], [])) {
    if (asked === most || paths.length === mostNamed) return { paths: paths.sort(), whole: false };
    asked += 1;
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat && isWritten(stat, sinceMs) && stat.birthtimeMs > 0 && stat.birthtimeMs < sinceMs)
      paths.push(path);
  }
  return { paths: paths.sort(), whole: true };
}

/**
 * Files below `folders` that were made or written to at or after `sinceMs`. Stops at `limit` names; `skip`: folders that are left out.
 */
export async function findChangedSince(
  folders: readonly string[],
  sinceMs: number,
  { limit = 20, skip = [] }: { limit?: number; skip?: readonly string[] } = {},
): Promise<string[]> {
  const found: string[] = [];
  for await (const path of filesBelow(folders, skip)) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat && isWritten(stat, sinceMs)) found.push(path);
    if (found.length === limit) break;
  }
  return found.sort();
}

/**
 * Every file below folders, one after the other. Links are not followed, caches of tools not looked at. Claims beat and signals are heard
 * between two batches of entries, whatever they are.
 */
async function* filesBelow(folders: readonly string[], skip: readonly string[]): AsyncGenerator<string> {
  const todo = [...folders];
  let met = 0;
  for (let folder = todo.pop(); folder !== undefined; folder = todo.pop())
    for (const entry of list(folder)) {
      met += 1;
      if (met % batch === 0) await setImmediate();
      const path = join(folder, entry.name);
      if (entry.isFile()) yield path;
      else if (entry.isDirectory() && entry.name !== '.cache' && !skip.includes(path)) todo.push(path);
    }
}
