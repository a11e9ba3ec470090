/** [path, sha256 of the content or "absent"] of every context file, sorted by path. */
export type ContextFiles = [path: string, content: string][];

export const absent = 'absent';

/** Files as a list of entries; a file that is not there, and a folder without files, is absent. */
export function contextEntries(paths: readonly string[], files: ReadonlyMap<string, string>): ContextFiles {
  const entries = new Map<string, string>();
  for (const path of paths) {
    const own = [...files].filter(([file]) => coversFile(path, file));
    if (own.length === 0) entries.set(path, absent);
    for (const [file, content] of own) entries.set(file, content);
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a context path, a folder with a trailing `/` or a file, covers a file. */
export function coversFile(contextPath: string, file: string): boolean {
  return contextPath.endsWith('/') ? file.startsWith(contextPath) : contextPath === file;
}
