import { byDepth, type CageRule } from './cage-policy';

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

/**
 * The rules of a policy with the folder of a program that is named by its path and stands where the cage has temporary files
 * of its own: it would not be there. `rules`: the outer path first. Nothing that is hidden is shown by it.
 */
export function showProgram(rules: readonly CageRule[], program: string): CageRule[] {
  const around = rules.findLast(({ path }) => program.startsWith(`${path}/`));
  if (around?.access !== 'private') return [...rules];
  const [folder = program] = folderOf(program.slice(0, program.lastIndexOf('/')));
  const path = folder.startsWith(`${around.path}/`) ? folder : program;
  return [...rules, { path, access: 'read' as const }].sort(byDepth);
}
