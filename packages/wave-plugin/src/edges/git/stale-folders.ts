import { lstat, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Owner, currentOwner, livenessOf } from '../lease/owner';
import { removeAll } from './scan-tree';

/** Notes in a folder which process it belongs to, so that a later one can tell whether it was left behind. */
export async function writeOwner(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'owner.json'), JSON.stringify(currentOwner()));
}

/** The owner of a folder, or of the checkout right below it; null when none is noted. */
async function readOwner(folder: string): Promise<Owner | null> {
  for (const at of [folder, join(folder, 'checkout')]) {
    try {
      return JSON.parse(await readFile(join(at, 'owner.json'), 'utf8')) as Owner;
    } catch {
      continue;
    }
  }
  return null;
}

/** Whether the noted owner of a folder is a process of this machine that has ended. */
export async function isAbandoned(folder: string): Promise<boolean> {
  const owner = await readOwner(folder);
  return owner !== null && livenessOf(owner, currentOwner()) === 'dead';
}

/**
 * Removes the folders directly below `parent` whose noted owner is dead, and gives their names. A folder without a
 * note, of another machine, or of a process that lives is left alone: nothing is guessed from names or ages. The
 * surviving agents of a dead owner must have been ended before.
 */
export async function sweepStale(
  parent: string,
  keep: (folder: string) => boolean = () => false,
): Promise<string[]> {
  const names = await readdir(parent).catch(() => [] as string[]);
  const swept: string[] = [];
  for (const name of names.sort()) {
    const folder = join(parent, name);
    const stat = await lstat(folder).catch(() => null);
    if (!stat?.isDirectory() || keep(folder) || !(await isAbandoned(folder))) continue;
    await removeAll(folder);
    swept.push(name);
  }
  return swept;
}
