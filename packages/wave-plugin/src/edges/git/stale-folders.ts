import { lstat, readFile, readdir } from '../files/at-once';
import { join } from 'node:path';
import { currentOwner, livenessOf } from '../lease/owner';
import { type SweepOptions } from './contracts';
import { discardFolder } from './discard-folder';
import { type FolderOwner, isLeftByName } from './folder-owner';

/** The owner of a folder, or of the checkout right below it; null when none is noted. */
async function readOwner(folder: string): Promise<FolderOwner | null> {
  for (const at of [folder, join(folder, 'checkout')]) {
    try {
      return JSON.parse(await readFile(join(at, 'owner.json'), 'utf8')) as FolderOwner;
    } catch {
      continue;
    }
  }
  return null;
}

/** Whether the noted owner of a folder is a process of this machine that has ended. */
export async function isAbandoned(folder: string): Promise<boolean> {
  if (isLeftByName(folder)) return true;
  const owner = await readOwner(folder);
  return owner !== null && livenessOf(owner, currentOwner()) === 'dead';
}

/** Whether no living process of this machine is noted as the owner of a folder that has a note. */
export async function isAbandonedOrForeign(folder: string): Promise<boolean> {
  const owner = await readOwner(folder);
  return owner !== null && livenessOf(owner, currentOwner()) !== 'alive';
}

/**
 * Removes the folders directly below `parent` whose noted owner is dead, and gives their names. A folder without a
 * note, of another machine, or of a process that lives is left alone: nothing is guessed from names or ages.
 */
export async function sweepStale(
  parent: string,
  { keep = () => false, onAbandoned = async () => undefined, onLeft = () => undefined }: SweepOptions = {},
): Promise<string[]> {
  const names = await readdir(parent).catch(() => [] as string[]);
  const swept: string[] = [];
  for (const name of names.sort()) {
    const folder = join(parent, name);
    const stat = await lstat(folder).catch(() => null);
    if (!stat?.isDirectory() || keep(folder) || !(await isAbandoned(folder))) continue;
    const { marker } = (await readOwner(folder)) ?? {};
    if (typeof marker === 'string') await onAbandoned(marker);
    const left = await discardFolder(folder);
    if (left === null) swept.push(name);
    else onLeft(left);
  }
  return swept;
}
