/** One file by its path below the folder that the list is checked in, with the sha256 of its bytes. */
export interface ListedFile {
  path: string;
  sha256: string;
}

/**
 * A list of files as `sha256sum --check` reads it, sorted by path: one line each, and a name with a backslash or a line end
 * escaped as GNU coreutils do, with a backslash in front of the line.
 */
export function printDigestList(files: readonly ListedFile[]): string {
  const byPath = new Map(files.map((file) => [file.path, file.sha256]));
  return [...byPath]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sha256]) => {
      const written = path.replace(/[\\\n\r]/g, (found) => escapes[found] ?? found);
      return `${written === path ? '' : '\\'}${sha256}  ${written}\n`;
    })
    .join('');
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };

/** What a list names; null where it is not exactly as `printDigestList` writes it: in another order, say, or a file twice. */
export function parseDigestList(text: string): ListedFile[] | null {
  const files: ListedFile[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const match = /^(\\?)([0-9a-f]{64}) {2}(.+)$/s.exec(line);
    if (match === null) return null;
    const [, escaped = '', sha256 = '', written = ''] = match;
    const path =
      escaped === ''
        ? written
        : written.replace(/\\(.)/g, (_, letter: string) =>
            letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter,
          );
    files.push({ path, sha256 });
  }
  return printDigestList(files) === text ? files : null;
}

/** How what stands there differs from what a list names. */
export interface ListDifference {
  /** Named and not there. */
  missing: string[];
  /** There with other bytes. */
  altered: string[];
  /** There and not named. */
  unnamed: string[];
}

export function compareLists(named: readonly ListedFile[], present: readonly ListedFile[]): ListDifference {
  const there = new Map(present.map(({ path, sha256 }) => [path, sha256]));
  const listed = new Set(named.map(({ path }) => path));
  return {
    missing: named.filter(({ path }) => !there.has(path)).map(({ path }) => path),
    altered: named
      .filter(({ path, sha256 }) => there.has(path) && there.get(path) !== sha256)
      .map(({ path }) => path),
    unnamed: present.filter(({ path }) => !listed.has(path)).map(({ path }) => path),
  };
}
