import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { storeLimits } from '../../core/shared-store/backend';
import { isUnsafePath } from '../../core/verify/owned-paths';
import { describeWriteError, errorCode } from '../files/io-errors';
import { listFiles } from '../files/list-folder';
import { placeInside } from '../files/place-inside';

/** What an archive may hold at most. */
export interface ArchiveLimits {
  files: number;
  bytes: number;
}

export const archiveLimits: ArchiveLimits = { files: 50_000, bytes: storeLimits.archiveBytes };

/** Loaded with the first archive: most runs have no shared store. */
const loadTar = () => import('tar-stream');

/**
 * The regular files of a folder as one tar archive (POSIX.1-2001). The same files are the same bytes on every machine: sorted by
 * name, without times, owners and modes. Codes: store-object-damaged where the folder holds something else or too much.
 */
export async function packFolder(
  folder: string,
  limits: ArchiveLimits = archiveLimits,
): Promise<Result<Uint8Array>> {
  const { files, refused } = await listFiles(folder, limits.files);
  if (refused.length > 0)
    return damaged(`${folder} holds links or special files: ${refused.slice(0, 5).join(', ')}`);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > limits.files || bytes > limits.bytes)
    return damaged(`${folder} holds more than ${limits.files} files or ${limits.bytes} bytes`);
  const { pack } = await loadTar();
  const archive = pack();
  for (const { path, absolute } of files)
    archive.entry(
      { name: path, type: 'file', mode: 0o644, uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) },
      await fs.readFile(absolute),
    );
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk);
  return ok(new Uint8Array(Buffer.concat(chunks)));
}

/**
 * Lays the files of an archive into a new folder. Nothing of an archive is believed: only regular files with plain names below
 * the folder, each once, within the limits; where anything is else, the whole archive is refused and the folder is gone again.
 * Codes: store-object-damaged, disk-full, state-unwritable.
 */
export async function unpackArchive(
  archive: Uint8Array,
  folder: string,
  limits: ArchiveLimits = archiveLimits,
): Promise<Result<void>> {
  try {
    await fs.mkdir(folder, { recursive: true });
    const refused = await layFiles(archive, folder, limits);
    if (refused === null) return ok(undefined);
    await fs.rm(folder, { recursive: true, force: true });
    return damaged(refused);
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true });
    return err(describeWriteError(folder, error));
  }
}

/** Why an archive is refused; null when every file is there. */
async function layFiles(archive: Uint8Array, folder: string, limits: ArchiveLimits): Promise<string | null> {
  const { extract } = await loadTar();
  const reader = extract();
  const seen = { names: new Set<string>(), bytes: 0 };
  return new Promise((resolve, reject) => {
    reader.on('entry', (header, stream, next) => {
      const why = whyRefused(header, seen, limits);
      if (why !== null) {
        resolve(why);
        reader.destroy();
        return;
      }
      layFile(stream, folder, header.name).then(
        (laid) => {
          if (laid) return next();
          resolve(`it holds the path ${JSON.stringify(header.name)} twice, or below a file`);
          reader.destroy();
        },
        (error: unknown) => {
          reject(error as Error);
          reader.destroy();
        },
      );
    });
    reader.on('error', () => resolve('it is no whole tar archive'));
    reader.on('finish', () => resolve(endsWell(archive) ? null : 'it ends in the middle'));
    reader.end(Buffer.from(archive));
  });
}

/** Two blocks of zeros end an archive (pax, "ustar Interchange Format"): without them more may have been there. */
function endsWell(archive: Uint8Array): boolean {
  return archive.length >= 1024 && archive.subarray(-1024).every((byte) => byte === 0);
}

function whyRefused(
  { name, type, size = 0 }: { name: string; type?: string; size?: number },
  seen: { names: Set<string>; bytes: number },
  limits: ArchiveLimits,
): string | null {
  if (type !== 'file') return `it holds ${JSON.stringify(name)}, which is no regular file`;
  if (isUnsafePath(name) || name.includes('\\') || name.length > 1024)
    return `it holds the path ${JSON.stringify(name.slice(0, 200))}`;
  if (seen.names.has(name)) return `it holds the path ${JSON.stringify(name)} twice`;
  seen.names.add(name);
  seen.bytes += size;
  return seen.names.size > limits.files || seen.bytes > limits.bytes
    ? `it holds more than ${limits.files} files or ${limits.bytes} bytes`
    : null;
}

/** False where something stands in the way: names that differ in letter case alone, on file systems that do not tell them apart. */
async function layFile(stream: NodeJS.ReadableStream, folder: string, name: string): Promise<boolean> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as unknown as Uint8Array);
  const target = await placeInside(folder, name);
  if (target === null) return false;
  try {
    await fs.mkdir(dirname(target), { recursive: true });
    await fs.writeFile(target, Buffer.concat(chunks), { flag: 'wx' });
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

function damaged(why: string): Result<never> {
  return err(
    failure('store-object-damaged', `An archive of the shared store is not used: ${why}.`, {
      next: 'Whatever it held is made again; nothing has to be done.',
    }),
  );
}
