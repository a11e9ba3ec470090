import { createHash } from 'node:crypto';
import { type Stats, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What stood at paths outside of a checkout: a mark of content for each file, by absolute path. */
export type OutsideState = ReadonlyMap<string, string>;

/** Content is compared up to here; of more, size and times. */
const mostHashed = 256 * 1024;

/** Looks at files, and at every file below folders, links not followed. What cannot be read counts as not there. */
export function seeOutside(places: readonly string[]): OutsideState {
  const seen = new Map<string, string>();
  const todo = [...places];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isDirectory()) todo.push(...namesOf(path).map((name) => join(path, name)));
    else seen.set(path, markOf(path, stat));
  }
  return seen;
}

/** Paths that are new, gone or different, sorted. */
export function comparedOutside(before: OutsideState, after: OutsideState): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function markOf(path: string, stat: Stats): string {
  try {
    if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`;
    if (!stat.isFile()) return 'special';
    if (stat.size > mostHashed) return `${stat.mode} ${stat.size} ${stat.mtimeMs} ${stat.ino}`;
    return `${stat.mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
  } catch {
    return 'unreadable';
  }
}
