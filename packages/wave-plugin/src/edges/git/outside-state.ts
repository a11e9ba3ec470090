import { createHash } from 'node:crypto';
import { type Stats, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What stood at paths outside of a checkout: a mark for each file, by absolute path. */
export type OutsideState = ReadonlyMap<string, string>;

export interface OutsideLook {
  places: readonly string[];
  /** `content`: what a file holds; `stat`: its size, times and number, where there may be many. */
  by: 'content' | 'stat';
  /** Of the files below, by absolute path; every one where absent. */
  wanted?(path: string): boolean;
  /** Names of folders that are not looked into. */
  skip?: readonly string[];
}

/** Content is compared up to here; of more, size and times. */
const mostHashed = 256 * 1024;
/** Of more files than this nobody says anything: to look would take longer than the run. */
const mostFiles = 50_000;

/** Looks at files, and at every file below folders, links not followed. What cannot be read counts as not there. */
export function seeOutside({ places, by, wanted = () => true, skip = [] }: OutsideLook): OutsideState {
  const seen = new Map<string, string>();
  const todo = [...places];
  for (let path = todo.pop(); path !== undefined && seen.size < mostFiles; path = todo.pop()) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (!stat.isDirectory()) {
      if (wanted(path)) seen.set(path, markOf(path, stat, by));
    } else if (!skip.includes(basename(path))) {
      const folder = path;
      todo.push(...namesOf(folder).map((name) => join(folder, name)));
    }
  }
  return seen;
}

/** What differs between two looks, sorted. */
export interface OutsideChanges {
  fresh: string[];
  changed: string[];
  gone: string[];
}

export function comparedOutside(before: OutsideState, after: OutsideState): OutsideChanges {
  const [had, has] = [[...before.keys()].sort(), [...after.keys()].sort()];
  return {
    fresh: has.filter((path) => !before.has(path)),
    changed: has.filter((path) => before.has(path) && before.get(path) !== after.get(path)),
    gone: had.filter((path) => !after.has(path)),
  };
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function markOf(path: string, stat: Stats, by: OutsideLook['by']): string {
  try {
    if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`;
    if (!stat.isFile()) return 'special';
    if (by === 'stat' || stat.size > mostHashed)
      return `${stat.mode} ${stat.size} ${stat.mtimeMs} ${stat.ino}`;
    return `${stat.mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
  } catch {
    return 'unreadable';
  }
}
