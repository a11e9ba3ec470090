import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from '../files/at-once';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '@nx-wave/schemas/plain';
import { errorCode } from '../files/io-errors';
import { type Owner, currentOwner, livenessOf } from '../lease/owner';

/** Who has a private folder. */
export interface FolderOwner extends Owner {
  /** Value of WAVE_RUN_MARKER in the environment of what works in the folder, where programs are started in it. */
  marker?: string;
}

const ownedName = /^\.owned-(\d+)-(\d+)-([0-9a-f]{12})-[0-9a-f]{12}$/;

/** What a pid means something in: another container or machine that uses the same folder is another world. */
const worldOf = ({ bootId, host, pidSpace }: Owner): string =>
  sha256([bootId, host, pidSpace].join('\0')).slice(0, 12);

/**
 * A name in `parent` that itself tells the process it belongs to: for a folder that has no note yet, or none any more, while
 * it is made or removed.
 */
export function ownedPath(parent: string): string {
  const owner = currentOwner();
  const random = randomBytes(6).toString('hex');
  return join(parent, `.owned-${owner.pid}-${owner.startTime}-${worldOf(owner)}-${random}`);
}

/** Whether a name is such a one, of a process of this machine that has ended. */
export function isLeftByName(path: string): boolean {
  const [, pid, startTime, world] = ownedName.exec(basename(path)) ?? [];
  const here = currentOwner();
  if (pid === undefined || startTime === undefined || world !== worldOf(here)) return false;
  return livenessOf({ ...here, pid: Number(pid), startTime }, here) === 'dead';
}

/**
 * Notes in a folder which process it belongs to, so that a later one can tell whether it was left behind. A new folder has
 * the note as soon as it has its name.
 */
export async function writeOwner(folder: string, owner: FolderOwner = currentOwner()): Promise<void> {
  const draft = ownedPath(dirname(folder));
  const note = join(draft, 'owner.json');
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    await writeFile(note, JSON.stringify(owner));
    await rename(draft, folder);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    await rename(note, join(folder, 'owner.json'));
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Removes a folder out of sight first: a process that is killed meanwhile leaves no folder without its note. */
export async function removeOwned(folder: string): Promise<void> {
  const aside = ownedPath(dirname(folder));
  await rename(folder, aside).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
  await rm(aside, { recursive: true, force: true });
}

/** Removes what ended processes have left under such names. */
export async function sweepOwned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [] as string[]))
    if (isLeftByName(name)) await rm(join(parent, name), { recursive: true, force: true });
}
