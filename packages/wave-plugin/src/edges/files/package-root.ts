import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the package that a file of code belongs to: the nearest one above that has a `package.json`. Found by
 * looking, because code runs from its sources as well as from a bundle that stands elsewhere in the package.
 */
export function packageRootOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) throw new Error(`No package.json above ${folder}.`);
  }
}

/** Our own package: shipped role prompts and skills stand below it. */
export const packageRoot = packageRootOf(__dirname);

/** A file or folder of our package. */
export function packageFile(...parts: string[]): string {
  return join(packageRoot, ...parts);
}
