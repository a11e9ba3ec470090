import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Flushes the content of a file, or the names that a folder holds, to the device. A link has nothing that could be. */
export async function flush(path: string): Promise<void> {
  flushNow(path);
}

/** Makes a folder with those above it, whose names survive a loss of power. */
export async function makeDurableFolder(path: string): Promise<void> {
  makeDurableFolderNow(path);
}

/** As `flush`, without a wait. */
export function flushNow(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** As `makeDurableFolder`, without a wait. */
export function makeDurableFolderNow(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let at = resolve(path); ; at = dirname(at)) {
    flushNow(dirname(at));
    if (at === resolve(first)) return;
  }
}
