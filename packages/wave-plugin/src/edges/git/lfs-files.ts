import { readFile } from '../files/at-once';
import { join, resolve } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type LfsPointer, largestPointer, lfsObjectPath, readPointer } from '../../core/lfs-pointer';
import { placeInside } from '../files/place-inside';
import { hashFile, readRegular } from '../files/read-file';
import { lstatReachable } from '../files/stat';
import { type Repository } from './contracts';
import { fileStamp } from './file-stamp';
import { type IndexEntry, parseIndexListing } from './index-listing';
import { isUtf8Name, splitNul } from './names';
import { type GitPlace, runGit } from './run-git';
import { harmless } from './snapshot-git';

/** The store of Git LFS that belongs to the user's repository; `setting` is their `lfs.storage`, null where it is not set. */
export function lfsStore({ commonDir }: Repository, setting: string | null): string {
  return resolve(commonDir, setting === null || setting === '' ? 'lfs' : setting);
}

/** Whether a text of attributes gives files to Git LFS. */
export async function namesLfs(attributesFile: string): Promise<boolean> {
  const text = (await readRegular(attributesFile, 1 << 20)) ?? '';
  return /(^|\s)filter=lfs(\s|$)/.test(text);
}

/**
 * Whether a working tree may have files of Git LFS, by the index of it: asked without git, so that other repositories pay
 * nothing. What attributes of folders say is left to git.
 */
export async function mayUseLfs(
  repo: Repository,
  store: string,
  { root, indexFile }: { root: string; indexFile: string },
): Promise<boolean> {
  if ((await lstatReachable(store)) !== null || (await hasAttributesBelow(indexFile))) return true;
  const folders = [...new Set([root, join(root, repo.prefix)])];
  const files = folders.map((folder) => join(folder, '.gitattributes'));
  for (const file of [...files, join(repo.commonDir, 'info', 'attributes')])
    if (await namesLfs(file)) return true;
  return false;
}

/** Whether an index has a `.gitattributes` below the top folder. Version 4 cuts its paths short: only git can tell. */
async function hasAttributesBelow(indexFile: string): Promise<boolean> {
  const bytes = await readFile(indexFile).catch(() => Buffer.alloc(0));
  const version = bytes.length < 8 ? 0 : bytes.readUInt32BE(4);
  return version > 3 || bytes.includes('/.gitattributes\0');
}

/** Regular files of an index that attributes give to Git LFS; what a sparse checkout leaves out is none. One git process. */
export async function listLfsFiles(at: GitPlace): Promise<Result<IndexEntry[]>> {
  const args = ['ls-files', '-v', '-z', '--stage', '--', ':(top,attr:filter=lfs)'];
  const env = { ...at.env, GIT_LITERAL_PATHSPECS: '0' };
  const listed = await runGit([...harmless, ...args], { ...at, env });
  if (!listed.ok) return listed;
  const { entries } = parseIndexListing(splitNul(listed.value.stdout));
  return ok(
    entries.filter(({ mode, path, skipWorktree }) => /^100/.test(mode) && !skipWorktree && isUtf8Name(path)),
  );
}

/** The pointer that stands at a top-relative path below `root`; null for everything else. */
export async function pointerAt(root: string, path: string): Promise<LfsPointer | null> {
  const place = await placeInside(root, path);
  const text = place === null ? null : await readRegular(place, largestPointer);
  return text === null ? null : readPointer(text);
}

/** Where content is looked for. */
export interface ContentSource {
  /** Folder of the store of Git LFS. */
  store: string;
  /** The user's working tree: what stands there in full is content, too. */
  topLevel: string;
  /** Files that were checked in this process: their digest and stamp by path. */
  checked: Map<string, string>;
}

/** A file of this machine that holds the content of a pointer, or null. Its sha256 is checked once per process. */
export async function findContent(
  { store, topLevel, checked }: ContentSource,
  path: string,
  pointer: LfsPointer,
): Promise<string | null> {
  for (const place of [join(store, lfsObjectPath(pointer)), await placeInside(topLevel, path)]) {
    const info = place === null ? null : await lstatReachable(place);
    if (place === null || !info?.isFile() || info.size !== pointer.bytes) continue;
    const stamp = `${pointer.sha256} ${await fileStamp(place)}`;
    if (checked.get(place) === stamp) return place;
    if ((await hashFile(place)) !== pointer.sha256) continue;
    checked.set(place, stamp);
    return place;
  }
  return null;
}
