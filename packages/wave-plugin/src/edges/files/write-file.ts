import { randomUUID } from 'node:crypto';
import * as fs from './at-once';
import { dirname, join } from 'node:path';
import { ok, err, type Result } from '@nx-wave/schemas/plain';
import writeFileAtomic from 'write-file-atomic';
import { flush, makeDurableFolder } from './flush';
import { describeWriteError, errorCode } from './io-errors';
import { lstatOrNull } from './stat';

/** Writes a file so that a reader sees the old or the new content, never a part, and it survives a crash. */
export function writeDurable(path: string, content: string | Uint8Array): Promise<Result<void>> {
  return writeWhole(path, content, true);
}

/**
 * The same without waiting for the device: after a loss of power the file may be missing or empty. For what can be made
 * again, and for drafts, which are flushed as a whole when they get their place.
 */
export function writeUnflushed(path: string, content: string | Uint8Array): Promise<Result<void>> {
  return writeWhole(path, content, false);
}

/**
 * A new file in a folder that people look into and commit: its draft stands in `aside` (on the same disk, or it stands beside
 * it), and it is there after a loss of power, too.
 */
export async function writeNew(path: string, content: string, aside: string): Promise<Result<void>> {
  const draft = join(aside, `${randomUUID()}.draft`);
  const drafted = await writeDurable(draft, content);
  if (!drafted.ok) return drafted;
  try {
    await makeDurableFolder(dirname(path));
    await fs.rename(draft, path);
  } catch (error) {
    await fs.rm(draft, { force: true }).catch(() => undefined);
    if (errorCode(error) !== 'EXDEV') return err(describeWriteError(path, error));
    const written = await writeDurable(path, content);
    if (!written.ok) return written;
  }
  try {
    await flush(dirname(path));
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(path, error));
  }
}

/** The library writes through a link: whoever has put it there, or let Nx restore it, would choose what is written over. */
async function dropLink(path: string): Promise<void> {
  if ((await lstatOrNull(path))?.isSymbolicLink() ?? false) await fs.rm(path, { force: true });
}

async function writeWhole(path: string, content: string | Uint8Array, fsync: boolean): Promise<Result<void>> {
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    await dropLink(path);
    writeFileAtomic.sync(path, typeof content === 'string' ? content : Buffer.from(content), { fsync });
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(path, error));
  }
}

/** Writes a file of a scratch folder: nobody needs it after a crash, so no disk is waited for. A link in its place is replaced. */
export async function writeScratch(path: string, content: string): Promise<Result<void>> {
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    await dropLink(path);
    writeFileAtomic.sync(path, content, { fsync: false });
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(path, error));
  }
}

/** True when something that can be written to is there or can be made there. */
export async function checkWritable(folder: string): Promise<Result<void>> {
  const probe = join(folder, `.write-probe-${process.pid}`);
  try {
    await makeDurableFolder(folder);
    await fs.writeFile(probe, 'probe');
    await fs.rm(probe, { force: true });
    return ok(undefined);
  } catch (error) {
    await fs.rm(probe, { force: true }).catch(() => undefined);
    return err(describeWriteError(folder, error));
  }
}

/** Makes a folder with those above it. */
export async function makeFolder(path: string): Promise<void> {
  await fs.mkdir(path, { recursive: true });
}

/** A copy of a file that has just been seen, not flushed: that it is gone is thrown. */
export async function copyUnflushed(from: string, to: string): Promise<Result<void>> {
  return writeUnflushed(to, await fs.readFile(from));
}

/**
 * Gives a finished file its final name, unless one of that name is there: the first one wins. Tells whether this one is
 * it; the draft keeps its own name too. Both names must be on one disk.
 */
export async function linkFirst(draft: string, path: string): Promise<boolean> {
  try {
    await fs.link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
