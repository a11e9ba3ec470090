import { randomUUID } from 'node:crypto';
import { constants, promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  isStoreKey,
  type Backend,
  type Changed,
  type Done,
  type GetAnswer,
  type PutAnswer,
  type ReplaceAnswer,
  type StoreTroubleKind,
  type Unknown,
} from '../../core/shared-store/backend';
import { flush, makeDurableFolder } from '../files/flush';
import { errorCode, isAbsent } from '../files/io-errors';
import { callLimits, unknown, withinTime, type CallLimits } from './within-time';

/** The calls of the file system that decide who was first; tests put those of other file systems in their place. */
export interface FileCalls {
  link(from: string, to: string): Promise<void>;
  names(folder: string): Promise<string[]>;
  content(file: fs.FileHandle): Promise<Uint8Array>;
}

const systemCalls: FileCalls = {
  link: fs.link,
  names: (folder) => fs.readdir(folder),
  content: (file) => file.readFile(),
};

/** Drafts stand beside the objects: a link cannot leave its file system. No key begins with a dot. */
const draftFolder = '.drafts';
const versionName = /^v([1-9]\d{0,14})$/;

/**
 * A folder that several clones share, on this machine or over the network: `<folder>/<key>/v1`, `v2`, … The newest version is the
 * object. A version comes into being whole, by `link()` of a flushed draft, and only where no other has its number; none is
 * ever changed or deleted, so nobody can come first into a gap. NFS answers EEXIST to its own success when an answer was lost
 * (link(2), "BUGS"): the file there is then compared with the draft. Its listings can be a minute old: that only delays, since
 * the number after a stale one is taken.
 */
export function openFileBackend(folder: string, calls: FileCalls = systemCalls): Backend {
  const share: Share = { folder, calls, identity: null };
  const guarded = <T>(
    limits: CallLimits,
    { make }: { make: boolean },
    work: () => Promise<T>,
  ): Promise<T | Unknown> =>
    withinTime(
      limits,
      async () => (await checkIdentity(share, make && share.identity === null)) ?? work(),
      explain,
    );
  return {
    name: folder,
    get: (key, options) => {
      const limits = callLimits(key, 0, options);
      return guarded(limits, { make: false }, () => read(share, key, limits.maxBytes));
    },
    putIfAbsent: (key, body, options) =>
      guarded(callLimits(key, body.length, options), { make: true }, () => create(share, key, body)),
    replaceIfMatch: (key, body, options) =>
      guarded(callLimits(key, body.length, options), { make: false }, () =>
        replace(share, key, { body, tag: options.tag }),
      ),
    list: (prefix, options) =>
      guarded(callLimits(prefix, 0, options), { make: false }, async () => {
        const keys = await keysBelow(share, prefix.slice(0, Math.max(0, prefix.lastIndexOf('/'))));
        return { answer: 'done' as const, keys: keys.filter((key) => key.startsWith(prefix)).sort() };
      }),
  };
}

interface Share {
  folder: string;
  calls: FileCalls;
  /** Device and inode of the folder as it was first seen. */
  identity: string | null;
}

function placeOf({ folder }: Share, key: string): string {
  if (!isStoreKey(key)) throw new Error(`No key of a shared store: ${JSON.stringify(key)}`);
  return join(folder, ...key.split('/'));
}

/** A share that was unmounted looks like an empty one: whatever was seen once has to stay the same folder. */
async function checkIdentity(share: Share, make: boolean): Promise<Unknown | null> {
  if (make) await makeDurableFolder(share.folder);
  let now: string | null = null;
  try {
    const { dev, ino } = await fs.stat(share.folder);
    now = `${dev}:${ino}`;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  if (share.identity !== null && share.identity !== now)
    return unknown('unreachable', 'the folder is not the one that it was at first: was it unmounted?');
  share.identity = now;
  return null;
}

async function newestOf(share: Share, key: string): Promise<number> {
  return newestOfNames(await namesIn(share, placeOf(share, key)));
}

async function read(share: Share, key: string, maxBytes: number): Promise<GetAnswer> {
  const number = await newestOf(share, key);
  if (number === 0) return { answer: 'absent' };
  const path = join(placeOf(share, key), `v${number}`);
  // Whoever can write to the share may put anything in its place: nothing is followed or waited for.
  const file = await fs.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size > maxBytes)
      return unknown('server', `${path} is no file, or larger than ${maxBytes} bytes`);
    const body = new Uint8Array(await share.calls.content(file));
    if (body.length !== info.size) return unknown('cut-short', `${body.length} of ${info.size} bytes came`);
    return { answer: 'done', body, tag: `v${number}` };
  } finally {
    await file.close();
  }
}

async function create(share: Share, key: string, body: Uint8Array): Promise<PutAnswer> {
  if ((await newestOf(share, key)) > 0) return { answer: 'changed' };
  return write(share, key, { body, number: 1 });
}

async function replace(
  share: Share,
  key: string,
  { body, tag }: { body: Uint8Array; tag: string },
): Promise<ReplaceAnswer> {
  const newest = await newestOf(share, key);
  if (newest === 0) return { answer: 'absent' };
  const known = Number(versionName.exec(tag)?.[1] ?? 0);
  const stands = known > 0 && newest <= known && (await isFile(join(placeOf(share, key), tag)));
  return stands ? write(share, key, { body, number: known + 1 }) : { answer: 'changed' };
}

/** A version of this number with this body, unless somebody has made one. */
async function write(
  share: Share,
  key: string,
  { body, number }: { body: Uint8Array; number: number },
): Promise<Done | Changed> {
  const target = join(placeOf(share, key), `v${number}`);
  const draft = join(share.folder, draftFolder, randomUUID());
  await makeDurableFolder(dirname(draft));
  await makeDurableFolder(dirname(target));
  try {
    const file = await fs.open(draft, 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!(await linkOnce(share, draft, target))) return { answer: 'changed' };
    await flush(dirname(target));
    return { answer: 'done', tag: `v${number}` };
  } finally {
    await fs.rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Whether the draft got the name. One inode under both names is the draft, whatever `link()` said. */
async function linkOnce({ calls }: Share, draft: string, target: string): Promise<boolean> {
  try {
    await calls.link(draft, target);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const [mine, there] = [await fs.lstat(draft), await fs.lstat(target)];
    return mine.ino === there.ino && mine.dev === there.dev;
  }
}

async function namesIn({ calls }: Share, folder: string): Promise<string[]> {
  try {
    return await calls.names(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** Number of the newest version; 0 where there is none. */
function newestOfNames(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Number(versionName.exec(name)?.[1] ?? 0)));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await fs.lstat(path)).isFile();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Objects below a folder of the share; other files, such as bundles that earlier versions kept there, are none. */
async function keysBelow(share: Share, key: string): Promise<string[]> {
  const keys: string[] = [];
  const names = await namesIn(share, join(share.folder, key));
  if (key !== '' && newestOfNames(names) > 0) keys.push(key);
  for (const name of names) {
    const below = key === '' ? name : `${key}/${name}`;
    if (!isStoreKey(below) || versionName.test(name)) continue;
    const info = await fs.lstat(join(share.folder, below)).catch(() => null);
    if (info?.isDirectory()) keys.push(...(await keysBelow(share, below)));
  }
  return keys;
}

const troubles: Readonly<Record<string, StoreTroubleKind>> = {
  EACCES: 'credentials',
  EPERM: 'credentials',
  EROFS: 'credentials',
  ENOENT: 'unreachable',
  ENOTDIR: 'unreachable',
  ESTALE: 'unreachable',
  EIO: 'unreachable',
  ENOTCONN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENODEV: 'unreachable',
  ETIMEDOUT: 'timeout',
  EAGAIN: 'throttled',
  EBUSY: 'throttled',
};

function explain(error: unknown): Unknown {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return unknown(troubles[code] ?? 'server', `the file system says ${code}`);
}
