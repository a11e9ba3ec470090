import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Of more than this nothing is read: a large pack is checked by git when it is used. */
const mostRead = 256 * 1024 * 1024;

/**
 * Objects and packs that were touched since a time and no longer are what they say they are: the name of an object is the
 * hash of its content, and a pack ends in one. Git itself touches objects that it finds there already.
 */
export function damagedObjects(objects: string, sinceMs: number): string[] {
  const folders = namesOf(objects).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const loose = folders.flatMap((folder) =>
    touchedIn(join(objects, folder), sinceMs)
      .filter((name) => /^(?:[0-9a-f]{38}|[0-9a-f]{62})$/.test(name))
      .map((name) => ({ path: join(objects, folder, name), id: folder + name })),
  );
  const packs = touchedIn(join(objects, 'pack'), sinceMs)
    .filter((name) => /\.(?:pack|idx)$/.test(name))
    .map((name) => join(objects, 'pack', name));
  return [
    ...loose.filter(({ path, id }) => !isObject(path, id)).map(({ path }) => path),
    ...packs.filter((path) => !isSealed(path)),
  ].sort();
}

function touchedIn(folder: string, sinceMs: number): string[] {
  return namesOf(folder).filter((name) => {
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return stat !== undefined && stat.isFile() && stat.ctimeMs >= sinceMs && stat.size <= mostRead;
  });
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const hashOf = (bytes: Uint8Array, length: number) =>
  createHash(length === 40 ? 'sha1' : 'sha256')
    .update(bytes)
    .digest('hex');

/** What is gone meanwhile is no damage: git packs and prunes. */
function isObject(path: string, id: string): boolean {
  try {
    // Loaded where a damaged object is looked for, which is hardly ever.
    const { inflateSync } = process.getBuiltinModule('node:zlib');
    return hashOf(inflateSync(readFileSync(path)), id.length) === id;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function isSealed(path: string): boolean {
  try {
    const bytes = readFileSync(path);
    return [20, 32].some((size) => {
      const end = bytes.subarray(-size).toString('hex');
      return hashOf(bytes.subarray(0, -size), size * 2) === end;
    });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
