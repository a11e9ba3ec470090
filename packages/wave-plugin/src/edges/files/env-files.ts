import { readdir } from './at-once';
import { join } from 'node:path';

const settingsFile = /^\.env(rc|\..+)?$/;
const forEveryone = /\.(example|sample|template|dist|schema)$/;
const notLookedInto = /^(\..+|node_modules)$/;

/**
 * Files with settings of an environment (`.env`, `.env.local`, `.envrc`) in a tree, those that are written for everyone left
 * out. Four folders deep and so many folders at most; installed packages and hidden folders are not looked into.
 */
export async function findEnvFiles(root: string, mostFolders = 4_000): Promise<string[]> {
  const found: string[] = [];
  let looked = 0;
  let level = [root];
  for (let depth = 0; depth <= 4 && level.length > 0; depth += 1) {
    const below: string[] = [];
    for (const folder of level) {
      if ((looked += 1) > mostFolders) return found.sort();
      for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!notLookedInto.test(entry.name)) below.push(path);
        } else if (settingsFile.test(entry.name) && !forEveryone.test(entry.name)) found.push(path);
      }
    }
    level = below;
  }
  return found.sort();
}
