import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Of a larger file nothing is read. */
const mostBytes = 256 * 1024 * 1024;

const sealLength = 64;

/** The text of a file that `writeSealed` wrote, or null where it is absent, torn, changed or anything else. */
export function readSealed(path: string): string | null {
  try {
    const stat = lstatSync(path);
    if (!stat.isFile() || stat.size > mostBytes) return null;
    const bytes = readFileSync(path);
    const body = bytes.subarray(sealLength);
    return bytes.toString('latin1', 0, sealLength) === sealOf(body) ? body.toString('latin1') : null;
  } catch {
    return null;
  }
}

/**
 * Writes an ASCII text so that a reader sees all of it or nothing: processes that write at the same time replace each
 * other's whole file. A cache that cannot be written is not worth a word, so nothing is. Files of the same `family` (the
 * start of their names) beyond the newest few are removed.
 */
export function writeSealed(path: string, text: string, family: string): void {
  const temporary = `${path}.${process.pid}-${randomUUID()}`;
  try {
    const body = Buffer.from(text, 'latin1');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, Buffer.concat([Buffer.from(sealOf(body), 'latin1'), body]), { flag: 'wx' });
    renameSync(temporary, path);
    removeOldest(dirname(path), family, basename(path));
  } catch {
    removeQuietly(temporary);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Whoever writes next removes what is too much.
  }
}

function sealOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** How many files of a family stay beside the one that was written: other options, and what a crash left. */
const mostOthers = 3;

function removeOldest(folder: string, family: string, written: string): void {
  const others = readdirSync(folder)
    .filter((name) => name.startsWith(family) && name !== written)
    .map((name) => ({ path: join(folder, name), at: lstatSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of others.slice(mostOthers)) removeQuietly(path);
}
