import { createHash } from 'node:crypto';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type GitPlace, runGit } from './run-git';

/** The bytes of one regular file of a tree, or null when the path is absent or no regular file. Nothing is checked out. */
export async function readBlobAt(
  at: GitPlace,
  tree: string,
  path: string,
): Promise<Result<Uint8Array | null>> {
  const listed = await runGit(['ls-tree', '-z', '--full-tree', tree, '--', path], at);
  if (!listed.ok) return listed;
  const [mode, type, oid] = listed.value.stdout.toString('utf8').split('\t')[0]?.split(' ') ?? [];
  if (type !== 'blob' || mode === '120000' || oid === undefined) return ok(null);
  const blob = await runGit(['cat-file', 'blob', oid], at);
  return blob.ok ? ok(new Uint8Array(blob.value.stdout)) : blob;
}

/** What a tree has at a path. */
export interface TreeEntry {
  mode: string;
  type: string;
  oid: string;
}

/** The entries of a tree at the paths, folders among them; an absent path has none. */
export async function listEntriesAt(
  at: GitPlace,
  tree: string,
  paths: readonly string[],
): Promise<Result<Map<string, TreeEntry>>> {
  const entries = new Map<string, TreeEntry>();
  const wanted = new Set(paths);
  // In portions: a command line has a limit, and a landing may have many paths.
  for (let from = 0; from < paths.length; from += 500) {
    const listed = await runGit(
      ['ls-tree', '-t', '-z', '--full-tree', tree, '--', ...paths.slice(from, from + 500)],
      at,
    );
    if (!listed.ok) return listed;
    for (const record of listed.value.stdout.toString('utf8').split('\0')) {
      const tab = record.indexOf('\t');
      const [mode, type, oid] = record.slice(0, tab).split(' ');
      const path = record.slice(tab + 1);
      if (tab > 0 && type && mode && oid && wanted.has(path)) entries.set(path, { mode, type, oid });
    }
  }
  return ok(entries);
}

/** Mode and object id of each path of a tree; null where it is absent or no file. */
export async function readEntriesAt(
  at: GitPlace,
  tree: string,
  paths: readonly string[],
): Promise<Result<Record<string, { mode: string; oid: string } | null>>> {
  const listed = await listEntriesAt(at, tree, paths);
  if (!listed.ok) return listed;
  const entryOf = (path: string) => {
    const entry = listed.value.get(path);
    return entry?.type === 'blob' ? { mode: entry.mode, oid: entry.oid } : null;
  };
  return ok(Object.fromEntries(paths.map((path) => [path, entryOf(path)])));
}

/** The blobs by id; what is not there or no blob is left out. */
export async function readBlobs(at: GitPlace, oids: readonly string[]): Promise<Result<Map<string, Buffer>>> {
  const read = await runGit(['cat-file', '--batch'], { ...at, input: `${oids.join('\n')}\n` });
  if (!read.ok) return read;
  const { stdout } = read.value;
  const blobs = new Map<string, Buffer>();
  for (let from = 0; from < stdout.length;) {
    const end = stdout.indexOf(10, from);
    if (end < 0) break;
    const [oid = '', type, size] = stdout.toString('utf8', from, end).split(' ');
    from = end + 1;
    // `<id> missing` is all that there is of one that git does not find.
    if (size === undefined) continue;
    if (type === 'blob') blobs.set(oid, stdout.subarray(from, from + Number(size)));
    from += Number(size) + 1;
  }
  return ok(blobs);
}

/** The regular files of a tree by path; what is absent or something else is left out. */
export async function readFilesAt(
  at: GitPlace,
  tree: string,
  paths: readonly string[],
): Promise<Result<Map<string, Buffer>>> {
  if (paths.length === 0) return ok(new Map());
  const entries = await listEntriesAt(at, tree, paths);
  if (!entries.ok) return entries;
  const files = [...entries.value].filter(([, { type, mode }]) => type === 'blob' && mode !== '120000');
  const blobs = await readBlobs(at, [...new Set(files.map(([, { oid }]) => oid))]);
  if (!blobs.ok) return blobs;
  return ok(
    new Map(
      files.flatMap(([path, { oid }]) => {
        const bytes = blobs.value.get(oid);
        return bytes === undefined ? [] : [[path, bytes] as const];
      }),
    ),
  );
}

/** Paths of what stands directly in folders of a tree; `''` is its top. A folder that is not there has nothing. */
export async function listPathsIn(
  at: GitPlace,
  tree: string,
  folders: readonly string[],
): Promise<Result<Set<string>>> {
  const paths = new Set<string>();
  const below = folders.filter((folder) => folder !== '').map((folder) => `${folder}/`);
  const asked: string[][] = below.length < folders.length ? [[]] : [];
  for (let from = 0; from < below.length; from += 500) asked.push(below.slice(from, from + 500));
  for (const some of asked) {
    const listed = await runGit(['ls-tree', '-z', '--name-only', '--full-tree', tree, '--', ...some], at);
    if (!listed.ok) return listed;
    for (const path of listed.value.stdout.toString('utf8').split('\0')) if (path !== '') paths.add(path);
  }
  return ok(paths);
}

/** sha256 of the bytes of each blob, by its id; what is not there or no blob is left out. */
export async function readContentDigests(
  at: GitPlace,
  oids: readonly string[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const blobs = await readBlobs(at, oids);
  if (!blobs.ok) return blobs;
  return ok(
    new Map([...blobs.value].map(([oid, bytes]) => [oid, createHash('sha256').update(bytes).digest('hex')])),
  );
}

/** Every symbolic link of a tree with its target, by its path from the top folder. Two git processes. */
export async function readLinksAt(at: GitPlace, tree: string): Promise<Result<Record<string, string>>> {
  const listed = await runGit(['ls-tree', '-r', '-z', '--full-tree', tree], at);
  if (!listed.ok) return listed;
  const oids = new Map<string, string>();
  for (const record of listed.value.stdout.toString('utf8').split('\0')) {
    const tab = record.indexOf('\t');
    const [mode, , oid] = record.slice(0, Math.max(tab, 0)).split(' ');
    if (mode === '120000' && oid !== undefined) oids.set(record.slice(tab + 1), oid);
  }
  if (oids.size === 0) return ok({});
  const blobs = await readBlobs(at, [...new Set(oids.values())]);
  if (!blobs.ok) return blobs;
  // A target that cannot be read leads nowhere that is known to be inside.
  return ok(
    Object.fromEntries([...oids].map(([path, oid]) => [path, blobs.value.get(oid)?.toString('utf8') ?? ''])),
  );
}
