import { createHash, randomUUID } from 'node:crypto';
import { type Stats, constants, createReadStream, promises as fs, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { failure, ok, err, type Result } from '@nx-wave/schemas/plain';
import writeFileAtomic from 'write-file-atomic';
import { isUnsafePath } from '../../core/verify/owned-paths';

/** One regular file below a folder, with `/` separators. */
export interface FoundFile {
  path: string;
  absolute: string;
  size: number;
}

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
    handle = await fs.open(path, 'r');
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

/** Writes a file so that a reader sees the old or the new content, never a part, and it survives a crash. */
export async function writeDurable(path: string, content: string | Uint8Array): Promise<Result<void>> {
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content), {
      fsync: true,
    });
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(path, error));
  }
}

/** Maps what the operating system says about a write to a failure that a person can act on; a defect stays thrown. */
export function describeWriteError(path: string, error: unknown) {
  const code = errorCode(error);
  if (code === undefined) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return failure('disk-full', `There is no space left to write ${path}.`, {
      place: { path },
      next: 'Free some space and run the same command again: finished work is kept.',
    });
  }
  return failure('state-unwritable', `${path} cannot be written (${code}).`, {
    place: { path },
    next: 'Make the folder writable and run the same command again.',
  });
}

export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

export function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** sha256 of a file's bytes, streamed; null when it is absent or no regular file. */
export async function hashFile(path: string): Promise<string | null> {
  try {
    const info = await fs.lstat(path);
    if (!info.isFile()) return null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** What stands at a path, links not followed; null when nothing does. */
export async function lstatOrNull(path: string): Promise<Stats | null> {
  try {
    return await fs.lstat(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/**
 * Every regular file below a folder, sorted by path. Links and special files are reported in `refused`. Stops soon
 * after `limit` files.
 */
export async function listFiles(
  root: string,
  limit = Infinity,
): Promise<{ files: FoundFile[]; refused: string[] }> {
  const files: FoundFile[] = [];
  const refused: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    let entries;
    try {
      entries = await fs.readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    for (const entry of entries) {
      if (files.length > limit) return;
      const absolute = join(folder, entry.name);
      const path = relative(root, absolute).split(sep).join('/');
      if (entry.isDirectory()) await visit(absolute);
      else if (entry.isFile()) files.push({ path, absolute, size: (await fs.lstat(absolute)).size });
      else refused.push(path);
    }
  };
  await visit(root);
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), refused: refused.sort() };
}

/** Copies a folder of regular files to a new place, by reflink where the file system can; nothing is followed. */
export async function copyFolder(from: string, to: string): Promise<Result<void>> {
  try {
    const { files } = await listFiles(from);
    await fs.mkdir(to, { recursive: true });
    for (const file of files) {
      const target = join(to, file.path);
      await fs.mkdir(dirname(target), { recursive: true });
      await fs.copyFile(file.absolute, target, constants.COPYFILE_FICLONE);
    }
    return ok(undefined);
  } catch (error) {
    return err(describeWriteError(to, error));
  }
}

/** Flushes every file of a folder, and the folder, to the device. */
export async function syncFolder(folder: string): Promise<void> {
  const { files } = await listFiles(folder);
  for (const path of [...files.map((file) => file.absolute), folder]) {
    const handle = await fs.open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/**
 * Puts a finished folder at its final name in one step. When the name is taken, the folder there wins: names are
 * content digests or reserved attempt numbers, so what is there is as good.
 */
export async function moveIntoPlace(from: string, to: string): Promise<Result<void>> {
  try {
    await syncFolder(from);
    await fs.mkdir(dirname(to), { recursive: true });
    await fs.rename(from, to);
    return ok(undefined);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') {
      await fs.rm(from, { recursive: true, force: true });
      return ok(undefined);
    }
    return err(describeWriteError(to, error));
  }
}

/**
 * Makes a view (a folder that can always be made again) a copy of `from`. Others may read it, or make the very same
 * view, at the same time: an equal one is left alone, another one is swapped in whole. `aside` is a folder on the same
 * disk for what is not seen.
 */
export async function replaceView(from: string, to: string, aside: string): Promise<Result<void>> {
  const draft = join(aside, randomUUID());
  const old = join(aside, randomUUID());
  try {
    if (await sameFiles(from, to)) return ok(undefined);
    const copied = await copyFolder(from, draft);
    if (!copied.ok) return copied;
    await fs.mkdir(dirname(to), { recursive: true });
    for (;;) {
      await fs.rename(to, old).catch((error: unknown) => {
        if (!isAbsent(error)) throw error;
      });
      try {
        await fs.rename(draft, to);
        return ok(undefined);
      } catch (error) {
        // Someone else has put theirs there between the two steps.
        if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
        await fs.rm(old, { recursive: true, force: true });
      }
    }
  } catch (error) {
    return err(describeWriteError(to, error));
  } finally {
    await removePath(draft);
    await removePath(old);
    await fs.rmdir(aside).catch(() => undefined);
  }
}

/** Whether two folders hold the same files with the same bytes. */
async function sameFiles(a: string, b: string): Promise<boolean> {
  const [left, right] = [await listFiles(a), await listFiles(b)];
  if (right.refused.length > 0 || left.files.length !== right.files.length) return false;
  for (const [at, file] of left.files.entries()) {
    const other = right.files[at];
    if (other === undefined || other.path !== file.path || other.size !== file.size) return false;
    const [one, two] = [await hashFile(file.absolute), await hashFile(other.absolute)];
    if (one === null || one !== two) return false;
  }
  return (await lstatOrNull(b))?.isDirectory() ?? false;
}

export async function removePath(path: string): Promise<void> {
  await fs.rm(path, { recursive: true, force: true });
}

/** True when something that can be written to is there or can be made there. */
export async function checkWritable(folder: string): Promise<Result<void>> {
  const probe = join(folder, `.write-probe-${process.pid}`);
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(probe, 'probe');
    await fs.rm(probe, { force: true });
    return ok(undefined);
  } catch (error) {
    await fs.rm(probe, { force: true }).catch(() => undefined);
    return err(describeWriteError(folder, error));
  }
}

/**
 * The absolute place of an untrusted relative path below `root`, or null when it would leave it, by `..`, by being
 * absolute or through a link on the way.
 */
export async function placeInside(root: string, path: string): Promise<string | null> {
  if (path === '' || isAbsolute(path) || path.includes('\0')) return null;
  const target = resolve(root, path);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
  let folder = root;
  for (const part of relative(root, dirname(target))
    .split(sep)
    .filter((one) => one !== '')) {
    folder = join(folder, part);
    try {
      if (!(await fs.lstat(folder)).isDirectory()) return null;
    } catch (error) {
      if (isAbsent(error)) break;
      throw error;
    }
  }
  return target;
}
