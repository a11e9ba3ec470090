import { lstat } from '../files/at-once';

/** What tells one state of a regular file from every other that it had, as git's index does; null for anything else. */
export async function fileStamp(path: string): Promise<string | null> {
  const info = await lstat(path, { bigint: true }).catch(() => null);
  if (!info?.isFile()) return null;
  return [info.dev, info.ino, info.mode, info.size, info.mtimeNs, info.ctimeNs].join(' ');
}
