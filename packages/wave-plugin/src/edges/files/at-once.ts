import * as fs from 'node:fs';
import type { WriteFileOptions as WriteOptions } from 'node:fs';

type Promised = typeof fs.promises;
type Name = keyof Promised &
  keyof { [N in keyof typeof fs as N extends `${infer Plain}Sync` ? Plain : never]: 0 };

/**
 * Functions of `node:fs/promises` that do their work at once and answer as those do. A task asks for hundreds of small files in turn, and
 * for each of them a change to another thread and back costs several times what the work itself takes. What may take
 * long is not for them: the bytes of a large file are streamed (`hashFile`).
 */
function atOnce<N extends Name>(name: N): Promised[N] {
  const work = async (...args: unknown[]): Promise<unknown> =>
    (fs[`${name}Sync`] as (...all: unknown[]) => unknown)(...args);
  return work as unknown as Promised[N];
}

export const access = atOnce('access');
export const appendFile = atOnce('appendFile');
export const chmod = atOnce('chmod');
export const copyFile = atOnce('copyFile');
export const link = atOnce('link');
export const lstat = atOnce('lstat');
export const mkdir = atOnce('mkdir');
export const readdir = atOnce('readdir');
export const readlink = atOnce('readlink');
export const rename = atOnce('rename');
export const rm = atOnce('rm');
export const rmdir = atOnce('rmdir');
export const stat = atOnce('stat');
export const statfs = atOnce('statfs');
export const symlink = atOnce('symlink');
export const utimes = atOnce('utimes');

/**
 * Node's `writeFileSync` (20, 22 and 24) forgets `flush` where a text is written as UTF-8, and does not where bytes are: a text that is to be
 * flushed goes as bytes.
 */
export const writeFile = (async (path: string, data: string | Uint8Array, options?: WriteOptions) => {
  const { flush = false, encoding } = typeof options === 'object' ? (options ?? {}) : { encoding: options };
  const bytes = flush && typeof data === 'string' ? Buffer.from(data, encoding ?? 'utf8') : data;
  fs.writeFileSync(path, bytes, options);
}) as Promised['writeFile'];

/** As the one of promises: by the system. */
export const realpath = (async (path: string) => fs.realpathSync.native(path)) as Promised['realpath'];

/** A pipe in the place of a file that nobody writes to has no bytes: it is not waited for. */
export const readFile: Promised['readFile'] = (async (path: string, options?: BufferEncoding) =>
  fs.readFileSync(path, {
    encoding: options ?? null,
    flag: fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0),
  } as unknown as { encoding: null })) as unknown as Promised['readFile'];
