import { constants, linkSync, lstatSync, readlinkSync, realpathSync, symlinkSync, unlinkSync } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from '../files/at-once';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { sha256 } from '@nx-wave/schemas/plain';
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

/** Links that the runner makes in a checkout. */
export interface PackageLinks {
  /** Where each leads that was made, by its path. */
  made: Map<string, string>;
  /** Folder of links that checkouts have in common, each under the digest of where it leads; null where there is none. */
  spares: string | null;
}

/** One sharing of dependencies. */
interface Sharing {
  pair: TreePair;
  mode: ShareMode;
  /** What was made before is added to. */
  links: PackageLinks;
  /** Folders with every link on their way resolved, each looked up once. */
  real: Map<string, string | null>;
}

const inside = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep);

/** The same place in the checkout, for a place in the user's tree that is no installed package; else null. */
export function mirrored(pair: TreePair, target: string): string | null {
  if (!inside(pair.user, target)) return null;
  const below = target.slice(pair.user.length);
  return `${below}${sep}`.includes(`${sep}node_modules${sep}`) ? null : join(pair.checkout, below);
}

/** Links, unless a tracked file is there already: what the repository carries comes first. */
function link({ made, spares }: PackageLinks, target: string, at: string): void {
  try {
    if (spares === null || !takeSpare(spares, target, at)) symlinkSync(target, at);
    made.set(at, target);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/**
 * Gives a link that leads to `target` one more name. Nobody can make it lead elsewhere, and a name costs a tenth of a new
 * link: there are hundreds in each checkout. False where the file system cannot, or a stranger has put something in its place.
 */
function takeSpare(spares: string, target: string, at: string): boolean {
  const spare = join(spares, sha256(target));
  try {
    nameOnceMore(spare, target, at);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw error;
    return false;
  }
  if (leadsTo(at, target)) return true;
  unlinkSync(at);
  return false;
}

function nameOnceMore(spare: string, target: string, at: string): void {
  try {
    linkSync(spare, at);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeSpare(spare, target);
    linkSync(spare, at);
  }
}

function makeSpare(spare: string, target: string): void {
  try {
    symlinkSync(target, spare);
  } catch (error) {
    // Another task was first.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function leadsTo(path: string, target: string): boolean {
  try {
    return readlinkSync(path) === target;
  } catch {
    return false;
  }
}

/** Whether a link that was made stands as it was made. */
export function isAsMade({ made }: PackageLinks, path: string): boolean {
  const target = made.get(path);
  return target !== undefined && leadsTo(path, target);
}

/**
 * Re-makes one symbolic link of the user's `node_modules`: what points into the user's sources points to the same
 * place in the checkout; a relative link between installed packages is kept as it is; the rest is made absolute.
 */
function remakeLink({ pair, links, real }: Sharing, from: string, to: string): void {
  if (links.made.has(to)) return;
  const text = readlinkSync(from);
  const named = isAbsolute(text) ? text : resolve(dirname(from), text);
  const workspacePlace = mirrored(pair, resolvedLink(real, from, text) ?? named);
  if (workspacePlace) return link(links, relative(dirname(to), workspacePlace) || '.', to);
  if (!isAbsolute(text) && inside(pair.user, named)) return link(links, text, to);
  return link(links, inside(pair.user, named) ? join(pair.checkout, relative(pair.user, named)) : named, to);
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
  // Files are copied at once, tens of thousands of them: claims beat and signals are heard between two folders.
  await setImmediate();
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
 * Makes `to` a real `node_modules` folder with what the user's folder `from` has. Links that were made before are there already
 * as they were made.
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
    else if (entry.isDirectory() && !sharing.links.made.has(b)) link(sharing.links, a, b);
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
