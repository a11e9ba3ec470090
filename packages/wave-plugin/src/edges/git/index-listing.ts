/** One entry of an index, as `ls-files -v --stage` lists it. */
export interface IndexEntry {
  path: string;
  mode: string;
  oid: string;
  /** 0, or 1 to 3 while a merge is unfinished. */
  stage: number;
  skipWorktree: boolean;
  assumeUnchanged: boolean;
}

/**
 * What `git ls-files -v -z --stage` lists. What the index does not know and what differs from it is listed only where it was
 * asked for as well: `--cached --modified --deleted --others`.
 */
export interface IndexListing {
  entries: IndexEntry[];
  /** A repository below ends with `/`. */
  untracked: string[];
  /** Files that differ from their entry, or are gone: one that is gone may stand here twice. */
  changed: string[];
}

/** Reads its NUL-separated records. */
export function parseIndexListing(records: readonly string[]): IndexListing {
  const listing: IndexListing = { entries: [], untracked: [], changed: [] };
  for (const record of records) {
    if (record.startsWith('? ')) listing.untracked.push(record.slice(2));
    else if (/^[CcRr] /.test(record)) listing.changed.push(record.slice(record.indexOf('\t') + 1));
    else listing.entries.push(parseEntry(record));
  }
  return listing;
}

function parseEntry(record: string): IndexEntry {
  const tab = record.indexOf('\t');
  const [tag = '', mode = '', oid = '', stage = '0'] = record.slice(0, tab).split(' ');
  return {
    path: record.slice(tab + 1),
    mode,
    oid,
    stage: Number(stage),
    skipWorktree: tag.toUpperCase() === 'S',
    assumeUnchanged: tag !== tag.toUpperCase(),
  };
}
