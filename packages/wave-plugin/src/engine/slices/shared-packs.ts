import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { lstatReachable } from '../../edges/files/stat';
import { readableNames } from '../../edges/files/list-folder';
import { copyFile, moveIntoPlace } from '../../edges/files/copy-folder';
import { hashFile } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import { makeFolder } from '../../edges/files/write-file';
import type { NamedSlice, PackIndex } from '../../edges/git/contracts';

/**
 * Packs of proven slices with the index that git made of them, in the folder that the tasks of a command share: merging needs
 * no other index of the same bytes. Each pack is an object directory of its own, so that a checkout can read what it stands
 * on and nothing else.
 */
const folderOf = (runFolder: string, digest: string): string => join(runFolder, 'packs', digest);

/** Shares a pack. Not at all where the index is not the one that git wrote: it says where in the pack an object stands. */
export async function sharePack(
  runFolder: string,
  { packFile, index }: { packFile: string; index: PackIndex },
): Promise<void> {
  const digest = await hashFile(packFile);
  // Nobody would remove a folder that no task of the command has claimed.
  if (digest === null || (await readableNames(runFolder)).length === 0) return;
  const draft = join(runFolder, 'packs', randomUUID());
  try {
    const name = join(draft, 'pack', `pack-${digest.slice(0, 40)}`);
    await makeFolder(join(draft, 'pack'));
    const copies = [await copyFile(packFile, `${name}.pack`), await copyFile(index.file, `${name}.idx`)];
    const same =
      (await hashFile(`${name}.idx`)) === index.sha256 && (await hashFile(`${name}.pack`)) === digest;
    if (same && copies.every(({ ok }) => ok))
      await moveIntoPlace(draft, folderOf(runFolder, digest), { flushed: false });
  } finally {
    await removePath(draft);
  }
}

/** The slice with the object directory that holds its pack, where one is shared. */
export async function withSharedPack<S extends NamedSlice>(runFolder: string, slice: S): Promise<S> {
  const digest = slice.packFile === null ? null : await hashFile(slice.packFile);
  if (digest === null) return slice;
  const objectDir = folderOf(runFolder, digest);
  const index = join(objectDir, 'pack', `pack-${digest.slice(0, 40)}.idx`);
  return (await lstatReachable(index)) === null ? slice : { ...slice, objectDir };
}
