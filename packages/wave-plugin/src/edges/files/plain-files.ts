import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file and the folders above it, at once: for short programs that have nothing else to do. */
export function writePlain(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The same for a file that is not there yet: what is there, a link included, stays as it is. */
export function writePlainOnce(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The text of a file that is part of us, and so is there. */
export function readPlain(path: string): string {
  return readFileSync(path, 'utf8');
}
