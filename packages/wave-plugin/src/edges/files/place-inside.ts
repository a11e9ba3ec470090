import * as fs from './at-once';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isAbsent } from './io-errors';

/**
 * The absolute place of an untrusted relative path below `root`, or null when it would leave it, by `..`, by being
 * absolute or through a link on the way.
 */
export async function placeInside(root: string, path: string): Promise<string | null> {
  if (path === '' || isAbsolute(path) || path.includes('\0')) return null;
  const target = resolve(root, path);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
  let folder = root;
  for (const part of relative(root, dirname(target))
    .split(sep)
    .filter((one) => one !== '')) {
    folder = join(folder, part);
    try {
      if (!(await fs.lstat(folder)).isDirectory()) return null;
    } catch (error) {
      if (isAbsent(error)) break;
      throw error;
    }
  }
  return target;
}
