import { type Result, ok } from '@nx-wave/schemas/plain';
import { runGit } from './run-git';

/** The bytes of one regular file of a tree, or null when the path is absent or no regular file. Nothing is checked out. */
export async function readBlobAt(
  env: Record<string, string>,
  cwd: string,
  tree: string,
  path: string,
): Promise<Result<Uint8Array | null>> {
  const listed = await runGit(['ls-tree', '-z', '--full-tree', tree, '--', path], { cwd, env });
  if (!listed.ok) return listed;
  const [mode, type, oid] = listed.value.stdout.toString('utf8').split('\t')[0]?.split(' ') ?? [];
  if (type !== 'blob' || mode === '120000' || oid === undefined) return ok(null);
  const blob = await runGit(['cat-file', 'blob', oid], { cwd, env });
  return blob.ok ? ok(new Uint8Array(blob.value.stdout)) : blob;
}

/** Mode and object id of each path of a tree; null where it is absent. */
export async function readEntriesAt(
  env: Record<string, string>,
  cwd: string,
  tree: string,
  paths: readonly string[],
): Promise<Result<Record<string, { mode: string; oid: string } | null>>> {
  const entries: Record<string, { mode: string; oid: string } | null> = {};
  for (const path of paths) entries[path] = null;
  const wanted = new Set(paths);
  // In portions: a command line has a limit, and a landing may have many paths.
  for (let from = 0; from < paths.length; from += 500) {
    const listed = await runGit(
      ['ls-tree', '-z', '--full-tree', tree, '--', ...paths.slice(from, from + 500)],
      { cwd, env },
    );
    if (!listed.ok) return listed;
    for (const record of listed.value.stdout.toString('utf8').split('\0')) {
      const tab = record.indexOf('\t');
      const [mode, type, oid] = record.slice(0, tab).split(' ');
      const path = record.slice(tab + 1);
      if (tab > 0 && type === 'blob' && mode && oid && wanted.has(path)) entries[path] = { mode, oid };
    }
  }
  return ok(entries);
}
