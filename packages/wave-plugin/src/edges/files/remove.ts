import { randomUUID } from 'node:crypto';
import * as fs from './at-once';
import { dirname, join } from 'node:path';

/** Removes a file or a folder with all that it holds; nothing there is no error. */
export async function removePath(path: string): Promise<void> {
  await fs.rm(path, { recursive: true, force: true });
}

/** Removes a folder that others may read: out of sight in one step where `aside` is on the same disk, then gone. */
export async function removeUnseen(path: string, aside: string): Promise<void> {
  const hidden = join(aside, randomUUID());
  await fs.mkdir(aside, { recursive: true });
  await fs.rename(path, hidden).catch(() => undefined);
  await removePath(hidden);
  await removePath(path);
}

/** Removes the folders above a path that are empty, at most `levels` of them. */
export async function removeEmptyParents(path: string, levels: number): Promise<void> {
  for (let folder = dirname(path), up = 0; up < levels; folder = dirname(folder), up += 1)
    await fs.rmdir(folder).catch(() => undefined);
}
