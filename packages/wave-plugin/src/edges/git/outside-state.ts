import { createHash } from 'node:crypto';
import { type Stats, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { openKnownFolders, type KnownFolders } from './known-folders';

/** What stood at paths outside of a checkout. */
export interface OutsideState {
  /** A mark for each file, by absolute path. */
  marks: ReadonlyMap<string, string>;
  /** False where there were too many files to see all of them. */
  whole: boolean;
}

export interface OutsideLook {
  places: readonly string[];
  /** `content`: what a file holds; `stat`: its size, times and number, where there may be many. */
  by: 'content' | 'stat';
  /** Of the files below, by absolute path; every one where absent. */
  wanted?(path: string): boolean;
  /** Names of folders that are not looked into. */
  skip?: readonly string[];
  /** How many files are looked at. */
  most?: number;
  /** Folders that were read before, where the same places are looked at again. */
  known?: KnownFolders;
}

/** Content is compared up to here; of more, size and times. */
const mostHashed = 256 * 1024;
/** To look at more files than this would take longer than the run. */
export const mostFiles = 50_000;

/** The clock by which the system dates files, whatever clock a run goes by. */
export const fileTimeMs = (): number => Date.now();

/**
 * Looks at files, and at every file below folders, links not followed. What cannot be read counts as not there. Folders tell what is a
 * folder, so that nothing is asked of a file that nobody wants: the proofs of a repository are thousands of files, and some hundred
 * of them are wanted.
 */
export function seeOutside(look: OutsideLook): OutsideState {
  const { places, by, wanted = () => true, skip = [], most = mostFiles, known = openKnownFolders() } = look;
  const seen = new Map<string, string>();
  const folders: string[] = [];
  let whole = true;
  const meet = (path: string, isFolder: boolean): void => {
    if (isFolder) {
      if (!skip.includes(basename(path))) folders.push(path);
    } else if (seen.size >= most) {
      whole = false;
    } else if (wanted(path)) {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat !== undefined) seen.set(path, markOf(path, stat, by));
    }
  };
  for (const place of places) {
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat !== undefined) meet(place, stat.isDirectory());
  }
  for (let folder = folders.pop(); folder !== undefined && whole; folder = folders.pop())
    for (const entry of known.entriesOf(folder)) meet(folder + sep + entry.name, entry.isDirectory());
  return { marks: seen, whole };
}

/** What differs between two looks, sorted. Where one of them is not whole, nothing is known of what is fresh or gone. */
export interface OutsideChanges {
  fresh: string[];
  changed: string[];
  gone: string[];
  whole: boolean;
}

export function comparedOutside(before: OutsideState, after: OutsideState): OutsideChanges {
  const [was, is] = [before.marks, after.marks];
  const whole = before.whole && after.whole;
  const [had, has] = [[...was.keys()].sort(), [...is.keys()].sort()];
  return {
    fresh: whole ? has.filter((path) => !was.has(path)) : [],
    changed: has.filter((path) => was.has(path) && was.get(path) !== is.get(path)),
    gone: whole ? had.filter((path) => !is.has(path)) : [],
    whole,
  };
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
