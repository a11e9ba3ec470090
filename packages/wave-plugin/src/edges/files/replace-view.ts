import { randomUUID } from 'node:crypto';
import * as fs from './at-once';
import { dirname, join } from 'node:path';
import { ok, err, type Result } from '@nx-wave/schemas/plain';
import { copyFolder } from './copy-folder';
import { describeWriteError, errorCode, isAbsent } from './io-errors';
import { listFiles } from './list-folder';
import { lstatOrNull } from './stat';
import { hashFile } from './read-file';
import { removePath } from './remove';

/**
 * Makes a view (a folder that can always be made again) a copy of `from`. Others may read it, or make the very same
 * view, at the same time: an equal one is left alone, another one is swapped in whole. `aside` is a folder on the same
 * disk for what is not seen.
 */
export async function replaceView(from: string, to: string, aside: string): Promise<Result<void>> {
  const draft = join(aside, randomUUID());
  const old = join(aside, randomUUID());
  try {
    if (await sameFiles(from, to)) return ok(undefined);
    const copied = await copyFolder(from, draft);
    if (!copied.ok) return copied;
    await fs.mkdir(dirname(to), { recursive: true });
    for (;;) {
      await fs.rename(to, old).catch((error: unknown) => {
        if (!isAbsent(error)) throw error;
      });
      try {
        await fs.rename(draft, to);
        return ok(undefined);
      } catch (error) {
        // Someone else has put theirs there between the two steps.
        if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
        await fs.rm(old, { recursive: true, force: true });
      }
    }
  } catch (error) {
    return err(describeWriteError(to, error));
  } finally {
    await removePath(draft);
    await removePath(old);
    await fs.rmdir(aside).catch(() => undefined);
  }
}

/** Whether two folders hold the same files with the same bytes. */
async function sameFiles(a: string, b: string): Promise<boolean> {
  const [left, right] = [await listFiles(a), await listFiles(b)];
  if (right.refused.length > 0 || left.files.length !== right.files.length) return false;
  for (const [at, file] of left.files.entries()) {
    const other = right.files[at];
    if (other === undefined || other.path !== file.path || other.size !== file.size) return false;
    const [one, two] = [await hashFile(file.absolute), await hashFile(other.absolute)];
    if (one === null || one !== two) return false;
  }
  return (await lstatOrNull(b))?.isDirectory() ?? false;
}
