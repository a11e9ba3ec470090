import { lstat, rename } from '../files/at-once';
import { dirname } from 'node:path';
import { type Failure, failure } from '@nx-wave/schemas/plain';
import { errorCode } from '../files/io-errors';
import { ownedPath, writeOwner } from './folder-owner';
import { removeAll } from './scan-tree';

/**
 * Removes a private folder of a run. What cannot be removed is told and fails nobody: the work is done, and the folder
 * takes space only. Null where nothing is left. Codes: state-unwritable, as a warning.
 *
 * It goes under a name that tells its owner: where this process is killed half-way, the note may be gone already.
 */
export async function discardFolder(folder: string): Promise<Failure | null> {
  const aside = ownedPath(dirname(folder));
  const moved = await rename(folder, aside).then(
    () => true,
    () => false,
  );
  try {
    await removeAll(moved ? aside : folder);
    return null;
  } catch (error) {
    if (moved) await rename(aside, folder).catch(() => undefined);
    const code = errorCode(error);
    if (code === undefined) throw error;
    // Another command may have removed it meanwhile.
    if (code !== 'ENAMETOOLONG' && (await lstat(folder).catch(() => null)) === null) return null;
    // Its note may be gone already; the process that is noted now will have ended when the next one looks.
    await writeOwner(folder).catch(() => undefined);
    const at = ((error as NodeJS.ErrnoException).path ?? folder).replace(aside, folder);
    return failure('state-unwritable', `${at} cannot be removed, and so ${folder} is left.`, {
      severity: 'warning',
      place: { path: at },
      next: `See who owns it and whether it is immutable (lsattr shows an "i": chattr -R -i ${JSON.stringify(folder)}), then remove ${folder}. The next command tries again.`,
    });
  }
}
