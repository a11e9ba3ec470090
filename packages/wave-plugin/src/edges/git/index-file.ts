import { copyFile, stat, utimes } from '../files/at-once';

/**
 * Age of an index file in whole seconds. Git compares it with the age of the files to know which entries it must not
 * believe without reading the file. An index that looks older than it is costs time; one that looks younger hides an
 * edit made in the same second.
 */
export async function ageOfIndex(path: string): Promise<number> {
  return Math.floor((await stat(path)).mtimeMs / 1000);
}

export async function setIndexAge(path: string, seconds: number): Promise<void> {
  await utimes(path, seconds, seconds);
}

/** Copies an index with its age, read first: the original may be replaced meanwhile. */
export async function copyIndexFile(from: string, to: string): Promise<void> {
  const seconds = await ageOfIndex(from);
  await copyFile(from, to);
  await setIndexAge(to, seconds);
}
