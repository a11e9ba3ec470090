import { createHash } from 'node:crypto';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { decodeName, nameBytes } from './names';
import { type GitPlace, runGit } from './run-git';

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

/**
 * The regular files of a tree, or of the tree of a commit, by path; what is absent or something else is left out. One git process: the folders are asked
 * for as well, because they alone say what is a link.
 */
export async function readFilesAt(
  at: GitPlace,
  tree: string,
  paths: readonly string[],
): Promise<Result<Map<string, Buffer>>> {
  if (paths.length === 0) return ok(new Map());
  const folders = [...new Set(paths.map(folderOf))];
  const asked = [...folders, ...paths].map((path) => `${tree}:${path}`);
  const read = await runGit(['cat-file', '--batch', '-z'], {
    ...at,
    input: asked.map((name) => `${name}\0`).join(''),
  });
  if (!read.ok) return read;
  const objects = objectsIn(read.value.stdout, asked);
  const modes = new Map<string, string>();
  for (const [index, folder] of folders.entries()) {
    const object = objects[index];
    if (object?.type !== 'tree') continue;
    for (const { mode, name } of entriesOf(object.bytes, tree.length / 2))
      modes.set(folder === '' ? name : `${folder}/${name}`, mode);
  }
  const files = new Map<string, Buffer>();
  for (const [index, path] of paths.entries()) {
    const object = objects[folders.length + index];
    if (object?.type === 'blob' && /^100/.test(modes.get(path) ?? '')) files.set(path, object.bytes);
  }
  return ok(files);
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** The answers of `cat-file --batch` in the order of the names; null for what git does not find. */
function objectsIn(stdout: Buffer, names: readonly string[]): ({ type: string; bytes: Buffer } | null)[] {
  let from = 0;
  return names.map((name) => {
    const missing = nameBytes(`${name} missing\n`);
    if (stdout.subarray(from, from + missing.length).equals(missing)) {
      from += missing.length;
      return null;
    }
    const end = stdout.indexOf(10, from);
    const [, type = '', size = '0'] = stdout.toString('utf8', from, end).split(' ');
    const bytes = stdout.subarray(end + 1, end + 1 + Number(size));
    from = end + 1 + bytes.length + 1;
    return { type, bytes };
  });
}

/** What a tree object says of its entries: `<mode> <name>\0<id>` each, with ids of `idBytes`. */
function* entriesOf(tree: Buffer, idBytes: number): Generator<{ mode: string; name: string }> {
  for (let from = 0; from < tree.length;) {
    const [space, end] = [tree.indexOf(32, from), tree.indexOf(0, from)];
    yield { mode: tree.toString('latin1', from, space), name: decodeName(tree.subarray(space + 1, end)) };
    from = end + 1 + idBytes;
  }
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
