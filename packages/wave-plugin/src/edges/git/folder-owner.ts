import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentOwner } from '../lease/owner';

/** Notes in a folder which process it belongs to, so that a later one can tell whether it was left behind. */
export async function writeOwner(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'owner.json'), JSON.stringify(currentOwner()));
}
