import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of code; `deep` with everything below it. */
export interface CodeFolder {
  path: string;
  deep: boolean;
}

/**
 * sha256 of every source file in the folders, by name and content, tests left out: the version of code that may also be
 * run from its sources, linked or patched. Null where a folder cannot be read.
 */
export function digestOfCode(folders: readonly CodeFolder[]): string | null {
  try {
    const hash = createHash('sha256');
    for (const { path, deep } of folders) {
      hash.update('folder\0');
      for (const name of readdirSync(path, { recursive: deep, encoding: 'utf8' }).sort()) {
        if (isCode.test(name))
          hash
            .update(`${name}\0`)
            .update(readFileSync(join(path, name)))
            .update('\0');
      }
    }
    return hash.digest('hex');
  } catch {
    return null;
  }
}

/** sha256 of the one file that all code is in; null where it cannot be read. */
export function digestOfBundle(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return null;
  }
}

const isCode = /(?<!\.spec|\.d)\.[cm]?[jt]s$/;
