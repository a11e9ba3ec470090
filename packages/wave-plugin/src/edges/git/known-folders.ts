import { type Dirent, lstatSync, readdirSync } from 'node:fs';

/** What stands in folders, each read again only when it has changed since. */
export interface KnownFolders {
  /** Empty for what is no folder, or cannot be read. */
  entriesOf(folder: string): readonly Dirent[];
}

interface Known {
  stamp: string;
  entries: readonly Dirent[];
}

/**
 * A folder that has changed less than this before it was read may change once more without another time: file systems date by ticks, of
 * two seconds at the most.
 */
const settledMs = 3_000;

/**
 * Remembers folders by number and times. Nobody who adds to a folder or takes away from it can keep its change time, so the proofs of a
 * repository, thousands of folders, are compared without reading them again. `nowMs`: the clock by which the system dates files.
 */
export function openKnownFolders(nowMs: () => number = Date.now): KnownFolders {
  const folders = new Map<string, Known>();
  return {
    entriesOf: (folder) => {
      // Before the folder is read: what is added meanwhile has a later time.
      const stat = lstatSync(folder, { throwIfNoEntry: false });
      if (stat === undefined) return [];
      const stamp = `${stat.dev} ${stat.ino} ${stat.ctimeMs} ${stat.mtimeMs}`;
      const known = folders.get(folder);
      if (known?.stamp === stamp) return known.entries;
      const readMs = nowMs();
      const entries = read(folder);
      if (entries !== null && stat.ctimeMs < readMs - settledMs) folders.set(folder, { stamp, entries });
      else folders.delete(folder);
      return entries ?? [];
    },
  };
}

function read(folder: string): Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
}
