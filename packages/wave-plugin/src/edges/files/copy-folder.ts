import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok, err, type Result } from '@nx-wave/schemas/plain';
import * as fs from './at-once';
import { flush, makeDurableFolder } from './flush';
import { describeWriteError, errorCode } from './io-errors';
import { listFiles } from './list-folder';

/** Copies a folder of regular files to a new place, by reflink where the file system can; nothing is followed. */
export async function copyFolder(from: string, to: string): Promise<Result<void>> {
  try {
    const { files } = await listFiles(from);
    await fs.mkdir(to, { recursive: true });
    for (const file of files) {
      const target = join(to, file.path);
      await fs.mkdir(dirname(target), { recursive: true });
      await fs.copyFile(file.absolute, target, constants.COPYFILE_FICLONE);
    }
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(to, error));
  }
}

/** Copies one file, by reflink where the file system can. */
export async function copyFile(from: string, to: string): Promise<Result<void>> {
  try {
    await fs.copyFile(from, to, constants.COPYFILE_FICLONE);
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(to, error));
  }
}

/** Flushes every file of a folder, the folders of these files, and the folder itself to the device. */
export async function syncFolder(folder: string): Promise<void> {
  const { files } = await listFiles(folder);
  const folders = files.flatMap(({ path }) => parentsOf(path).map((parent) => join(folder, parent)));
  for (const path of [...files.map((file) => file.absolute), ...new Set(folders), folder]) await flush(path);
}

/** Folders above a relative path, innermost first. */
function parentsOf(path: string): string[] {
  const above = dirname(path);
  return above === '.' ? [] : [above, ...parentsOf(above)];
}

/**
 * Puts a finished folder at its final name in one step, for good: it is there after a loss of power, too, unless `flushed`
 * is false because something else keeps what it holds. When the name is taken, the folder there wins: names are content
 * digests or reserved attempt numbers, so what is there is as good.
 */
export async function moveIntoPlace(
  from: string,
  to: string,
  { flushed = true }: { flushed?: boolean } = {},
): Promise<Result<void>> {
  try {
    if (flushed) await syncFolder(from);
    await makeDurableFolder(dirname(to));
    await fs.rename(from, to);
    if (flushed) await flush(dirname(to));
    return ok(undefined);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') {
      await fs.rm(from, { recursive: true, force: true });
      return ok(undefined);
    }
    return err(describeWriteError(to, error));
  }
}
