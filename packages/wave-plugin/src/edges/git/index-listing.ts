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

/** Reads the NUL-separated records of `git ls-files -v -z --stage`. */
export function parseIndexListing(records: readonly string[]): IndexEntry[] {
  return records.map((record) => {
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
  });
}
