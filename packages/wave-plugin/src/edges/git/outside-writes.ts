import { type Dirent, lstatSync, readdirSync } from 'node:fs';
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
 * Files below `folders` whose content or mode changed at or after `sinceMs`, by the change time that no program can
 * set. Links are not followed, caches of tools not looked at. Stops at `limit` names.
 */
export async function findChangedSince(
  folders: readonly string[],
  sinceMs: number,
  limit = 20,
): Promise<string[]> {
  const found: string[] = [];
  const todo = [...folders];
  let looked = 0;
  for (let folder = todo.pop(); folder !== undefined && found.length < limit; folder = todo.pop()) {
    for (const entry of list(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== '.cache') todo.push(path);
      } else if (entry.isFile()) {
        const stat = lstatSync(path, { throwIfNoEntry: false });
        if (stat && stat.ctimeMs >= sinceMs && found.length < limit) found.push(path);
      }
      looked += 1;
      if (looked % batch === 0) await setImmediate();
    }
  }
  return found.sort();
}
