import * as fs from './at-once';
import { ok, err, type Result } from '@nx-wave/schemas/plain';
import { describeWriteError } from './io-errors';
import { listFiles } from './list-folder';

/** Lets nobody but the owner read a folder and the files in it. */
export async function makePrivate(folder: string): Promise<Result<void>> {
  try {
    await fs.chmod(folder, 0o700);
    for (const { absolute } of (await listFiles(folder)).files) await fs.chmod(absolute, 0o600);
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(folder, error));
  }
}
