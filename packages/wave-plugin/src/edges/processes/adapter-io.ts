import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { mkdir } from '../files/at-once';
import { isAbsolute, join } from 'node:path';
import { type AdapterIo } from '../../adapters/adapter';
import { cleanPath } from './environment';

/** What adapters may look at: files, and programs on the PATH that agents will get. */
export function createAdapterIo(path: string): AdapterIo {
  return {
    readFile: (file) => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return null;
      }
    },
    exists: (file) => statSync(file, { throwIfNoEntry: false }) !== undefined,
    which: (command) => {
      if (isAbsolute(command)) return isProgram(command) ? command : null;
      if (command.includes('/')) return null;
      const found = cleanPath(path).find((folder) => isProgram(join(folder, command)));
      return found === undefined ? null : join(found, command);
    },
  };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Sandboxes bind folders at their start: one that is made later stays closed to the program. */
export async function makeFolders(folders: readonly string[]): Promise<void> {
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
}

/**
 * Folders of a program in the home of its user, for them alone. Where one cannot be made the program finds it missing, and
 * says so in its own words.
 */
export async function makeOwnFolders(folders: readonly string[]): Promise<void> {
  await Promise.allSettled(folders.map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
}
