import * as fs from './at-once';
import { join, relative, sep } from 'node:path';
import { isAbsent } from './io-errors';

/** One regular file below a folder, with `/` separators. */
export interface FoundFile {
  path: string;
  absolute: string;
  size: number;
}

/**
 * Every regular file below a folder, sorted by path. Links and special files are reported in `refused`. Stops soon
 * after `limit` files.
 */
export async function listFiles(
  root: string,
  limit = Infinity,
): Promise<{ files: FoundFile[]; refused: string[] }> {
  const files: FoundFile[] = [];
  const refused: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    let entries;
    try {
      entries = await fs.readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    for (const entry of entries) {
      if (files.length > limit) return;
      const absolute = join(folder, entry.name);
      const path = relative(root, absolute).split(sep).join('/');
      if (entry.isDirectory()) await visit(absolute);
      else if (entry.isFile()) files.push({ path, absolute, size: (await fs.lstat(absolute)).size });
      else refused.push(path);
    }
  };
  await visit(root);
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), refused: refused.sort() };
}

/** Names of what stands in a folder, sorted; none when the folder is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The same where a folder that cannot be read counts as empty. */
export async function readableNames(folder: string): Promise<string[]> {
  return (await fs.readdir(folder).catch(() => [] as string[])).sort();
}
