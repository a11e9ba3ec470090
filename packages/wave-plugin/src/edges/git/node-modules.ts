import { constants, lstatSync, readlinkSync, realpathSync, symlinkSync } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from '../files/at-once';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
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

/** Links that the runner has made in a checkout: where each leads, by its path. */
export type MadeLinks = Map<string, string>;

/** One sharing of dependencies. */
interface Sharing {
  pair: TreePair;
  mode: ShareMode;
  /** What was made before, and is added to. */
  made: MadeLinks;
  /** Folders with every link on their way resolved, each looked up once. */
  real: Map<string, string | null>;
}

const inside = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep);

/** The same place in the checkout, for a place in the user's tree that is no installed package; else null. */
export function mirrored(pair: TreePair, target: string): string | null {
  if (!inside(pair.user, target)) return null;
  const below = relative(pair.user, target);
  return below.split(sep).includes('node_modules') ? null : join(pair.checkout, below);
}

/** Links, unless a tracked file is there already: what the repository carries comes first. */
function link(made: MadeLinks, target: string, at: string): void {
  try {
    symlinkSync(target, at);
    made.set(at, target);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** Whether a link that was made stands as it was made. */
export function isAsMade(made: MadeLinks, path: string): boolean {
  try {
    return made.has(path) && readlinkSync(path) === made.get(path);
  } catch {
    return false;
  }
}

/**
 * Re-makes one symbolic link of the user's `node_modules`: what points into the user's sources points to the same
 * place in the checkout; a relative link between installed packages is kept as it is; the rest is made absolute.
 */
function remakeLink({ pair, made, real }: Sharing, from: string, to: string): void {
  if (made.has(to)) return;
  const text = readlinkSync(from);
  const named = isAbsolute(text) ? text : resolve(dirname(from), text);
  const workspacePlace = mirrored(pair, resolvedLink(real, from, text) ?? named);
  if (workspacePlace) return link(made, relative(dirname(to), workspacePlace) || '.', to);
  if (!isAbsolute(text) && inside(pair.user, named)) return link(made, text, to);
  return link(made, inside(pair.user, named) ? join(pair.checkout, relative(pair.user, named)) : named, to);
}

/** Where a link leads in the end; null where nothing is there. Hundreds of links lead into one folder: it is resolved once. */
function resolvedLink(known: Sharing['real'], from: string, text: string): string | null {
  const path = isAbsolute(text) ? text : `${dirname(from)}${sep}${text}`;
  const name = basename(path);
  if (name === '' || name === '.' || name === '..') return realPathOf(path);
  const folder = path.slice(0, path.lastIndexOf(name));
  if (!known.has(folder)) known.set(folder, realPathOf(folder));
  const above = known.get(folder) ?? null;
  const stat = above === null ? undefined : lstatSync(join(above, name), { throwIfNoEntry: false });
  if (above === null || stat === undefined) return null;
  return stat.isSymbolicLink() ? realPathOf(path) : join(above, name);
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

async function remakeBin(sharing: Sharing, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [a, b] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) remakeLink(sharing, a, b);
    else if (entry.isFile()) await copyFile(a, b);
  }
}

async function cloneFolder(sharing: Sharing, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [a, b] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) remakeLink(sharing, a, b);
    else if (entry.isDirectory()) await cloneFolder(sharing, a, b);
    else if (entry.isFile()) await copyFile(a, b, constants.COPYFILE_FICLONE);
  }
}

/** Caches that tools keep beside packages are each tree's own. */
const cacheFolders = new Set(['.cache', '.vite', '.vite-temp', '.nx']);

/**
 * Makes `to` a real `node_modules` folder with what the user's folder `from` has. What is in `made` is there already as it was
 * made, and links that are made now are added.
 */
export function shareNodeModules(
  { from, to }: { from: string; to: string },
  sharing: Omit<Sharing, 'real'>,
): Promise<void> {
  return shareFolder({ ...sharing, real: new Map() }, from, to);
}

async function shareFolder(sharing: Sharing, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [a, b] = [join(from, entry.name), join(to, entry.name)];
    if (cacheFolders.has(entry.name)) continue;
    if (entry.name === '.bin') await remakeBin(sharing, a, b);
    else if (entry.isSymbolicLink()) remakeLink(sharing, a, b);
    else if (entry.isFile()) await copyFile(a, b, constants.COPYFILE_FICLONE);
    else if (entry.isDirectory() && entry.name.startsWith('@')) await shareFolder(sharing, a, b);
    else if (entry.isDirectory() && sharing.mode === 'copy') await cloneFolder(sharing, a, b);
    else if (entry.isDirectory() && !sharing.made.has(b)) link(sharing.made, a, b);
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
