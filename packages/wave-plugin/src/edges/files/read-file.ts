import { createHash } from 'node:crypto';
import { constants, createReadStream, promises, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnsafePath } from '../../core/verify/owned-paths';
import * as fs from './at-once';
import { errorCode, isAbsent } from './io-errors';

/** Text of a file, or null when there is none. Other errors are thrown: they are not expected. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** The same for a file of at most `bytes`; null when it is longer, too. */
export async function readTextUpTo(path: string, bytes: number): Promise<string | null> {
  try {
    const { size } = await fs.stat(path);
    return size > bytes ? null : await readText(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Bytes of a file, or null when there is none. */
export async function readBytes(path: string): Promise<Buffer | null> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Text of a file that a configuration or a wave file names; null where there is none, or none inside the workspace. */
export function readInside(workspaceRoot: string, path: string): string | null {
  if (isUnsafePath(path)) return null;
  try {
    return readFileSync(join(workspaceRoot, path), 'utf8');
  } catch (error) {
    if (isAbsent(error) || errorCode(error) === 'EISDIR') return null;
    throw error;
  }
}

/** The last `bytes` of a text file, from the first whole line on; null when there is none. Memory stays bounded. */
export async function readTail(path: string, bytes: number): Promise<string | null> {
  let handle;
  try {
    handle = await promises.open(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, bytes);
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, size - length);
    const tail = buffer.subarray(0, bytesRead);
    const whole = size > length ? tail.indexOf(0x0a) + 1 : 0;
    return tail.subarray(whole).toString('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * Lines of a file that grows, from a byte on, and where they end; none where it is not there yet. `whole`: a last line without
 * its end waits for the next time.
 */
export async function readFrom(
  path: string,
  from: number,
  { whole }: { whole: boolean },
): Promise<{ lines: string[]; end: number }> {
  let handle;
  try {
    handle = await promises.open(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return { lines: [], end: from };
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    const read = buffer.subarray(0, bytesRead);
    const taken = whole ? read.subarray(0, read.lastIndexOf(0x0a) + 1) : read;
    const text = taken.toString('utf8').replace(/\n$/, '');
    return { lines: taken.length === 0 ? [] : text.split('\n'), end: from + taken.length };
  } finally {
    await handle.close();
  }
}

/** Larger files are streamed. */
const mostAtOnce = 2 ** 20;

/** sha256 of a file's bytes; null when it is absent or no regular file. */
export async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    const info = await fs.lstat(path);
    if (!info.isFile()) return null;
    if (info.size <= mostAtOnce) return hash.update(await fs.readFile(path)).digest('hex');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Text of a file that a stranger may have put anything in the place of: a link to a file of the user, a pipe that nobody
 * writes to, a file that fills the memory. Only a regular file of at most `bytes` is read; none of the others is followed
 * or waited for.
 */
export async function readRegular(path: string, bytes: number): Promise<string | null> {
  let file: promises.FileHandle;
  try {
    file = await promises.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const info = await file.stat();
    return info.isFile() && info.size <= bytes ? await file.readFile('utf8') : null;
  } finally {
    await file.close();
  }
}
