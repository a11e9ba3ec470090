import { constants, readlinkSync, realpathSync, symlinkSync } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errorCode } from '../files/io-errors';

/** The two trees between which dependencies are shared. Absolute, without symbolic links. */
export interface TreePair {
  /** Top folder of the user's working tree. */
  user: string;
  /** Top folder of the checkout. */
  checkout: string;
}

/** `links`: every package is a link into the user's folder; `copy`: files are cloned or copied. */
export type ShareMode = 'links' | 'copy';

const inside = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep);

/** The same place in the checkout, for a place in the user's tree that is no installed package; else null. */
export function mirrored(pair: TreePair, target: string): string | null {
  if (!inside(pair.user, target)) return null;
  const below = relative(pair.user, target);
  return below.split(sep).includes('node_modules') ? null : join(pair.checkout, below);
}

/**
 * Links, unless a tracked file is there already: what the repository carries comes first. Synchronous: hundreds of them take a
 * tenth of the CPU of the asynchronous calls.
 */
function link(target: string, at: string): void {
  try {
    symlinkSync(target, at);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/**
 * Re-makes one symbolic link of the user's `node_modules`: what points into the user's sources points to the same
 * place in the checkout; a relative link between installed packages is kept as it is; the rest is made absolute.
 */
function remakeLink(pair: TreePair, from: string, to: string): void {
  const text = readlinkSync(from);
  const named = isAbsolute(text) ? text : resolve(dirname(from), text);
  const real = realPathOr(from, named);
  const workspacePlace = mirrored(pair, real);
  if (workspacePlace) return link(relative(dirname(to), workspacePlace) || '.', to);
  if (!isAbsolute(text) && inside(pair.user, named)) return link(text, to);
  return link(inside(pair.user, named) ? join(pair.checkout, relative(pair.user, named)) : named, to);
}

function realPathOr(path: string, otherwise: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return otherwise;
  }
}

async function remakeBin(pair: TreePair, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [a, b] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) remakeLink(pair, a, b);
    else if (entry.isFile()) await copyFile(a, b);
  }
}

async function cloneFolder(pair: TreePair, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [a, b] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) remakeLink(pair, a, b);
    else if (entry.isDirectory()) await cloneFolder(pair, a, b);
    else if (entry.isFile()) await copyFile(a, b, constants.COPYFILE_FICLONE);
  }
}

/** Caches that tools keep beside packages are each tree's own. */
const cacheFolders = new Set(['.cache', '.vite', '.vite-temp', '.nx']);

/** Makes `to` a real `node_modules` folder with what the user's folder `from` has. */
export async function shareNodeModules(
  pair: TreePair,
  { from, to }: { from: string; to: string },
  mode: ShareMode,
): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [a, b] = [join(from, entry.name), join(to, entry.name)];
    if (cacheFolders.has(entry.name)) continue;
    if (entry.name === '.bin') await remakeBin(pair, a, b);
    else if (entry.isSymbolicLink()) remakeLink(pair, a, b);
    else if (entry.isFile()) await copyFile(a, b, constants.COPYFILE_FICLONE);
    else if (entry.isDirectory() && entry.name.startsWith('@'))
      await shareNodeModules(pair, { from: a, to: b }, mode);
    else if (entry.isDirectory() && mode === 'copy') await cloneFolder(pair, a, b);
    else if (entry.isDirectory()) link(a, b);
  }
}

/** Folders of the user's tree (relative to its top, `''` for the top) that have a `node_modules` of their own. */
export async function foldersWithNodeModules(user: string, folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    [...new Set(folders)].map(async (folder) => {
      const found = await stat(join(user, folder, 'node_modules')).catch(() => null);
      return found?.isDirectory() ? folder : null;
    }),
  );
  return found.filter((folder) => folder !== null).sort();
}
