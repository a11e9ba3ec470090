/** Folders that hold the programs of a PATH with what they are made of: `/opt/tool` for `/opt/tool/bin`. */
export function programFolders(path: string): string[] {
  const folders = path.split(':').filter((entry) => entry.startsWith('/'));
  return [...new Set(folders.flatMap(folderOf))];
}

function folderOf(entry: string): string[] {
  const clean = entry.replace(/\/+$/, '');
  const [, outer] = /^(\/.+)\/(?:s?bin|\.bin)$/.exec(clean) ?? [];
  const found = outer ?? clean;
  return found === '' ? [] : [found];
}
