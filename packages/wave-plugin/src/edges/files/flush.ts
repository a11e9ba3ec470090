import { promises as fs } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Flushes the content of a file, or the names that a folder holds, to the device. A link has nothing that could be. */
export async function flush(path: string): Promise<void> {
  const handle = await fs.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder with those above it, whose names survive a loss of power. */
export async function makeDurableFolder(path: string): Promise<void> {
  const first = await fs.mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = resolve(path); ; at = dirname(at)) {
    await flush(dirname(at));
    if (at === resolve(first)) return;
  }
}
