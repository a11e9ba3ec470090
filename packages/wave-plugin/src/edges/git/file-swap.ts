import { lstat, mkdir, readFile, readdir, readlink, rename, rm, rmdir, writeFile } from '../files/at-once';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { sha256, lazily } from '@nx-wave/schemas/plain';
import { flush } from '../files/flush';
import { type Owner } from '../lease/owner';

/** One path of a swap: what is there is moved away, what was prepared (known by its digest) is moved in. */
export interface SwapFile {
  path: string;
  /** Whether there is a file to move away. */
  before: boolean;
  /** sha256 of the prepared bytes (of a link: its text), or null when the path vanishes. */
  after: string | null;
}

const journalSchema = lazily(() =>
  z.object({
    owner: z.looseObject({
      pid: z.number(),
      startTime: z.string(),
      bootId: z.string(),
      host: z.string(),
      pidSpace: z.string(),
    }),
    root: z.string(),
    /** Folder with `new/<path>` and `old/<number>`, on the file system of `root`. */
    payload: z.string(),
    files: z.array(z.object({ path: z.string(), before: z.boolean(), after: z.string().nullable() })),
    /** Folders below `root` that did not exist before, outermost first. */
    madeFolders: z.array(z.string()),
    /** The commit that HEAD is about to become, and whether the index lock is ours. */
    commit: z.string().nullable(),
    locksIndex: z.boolean(),
  }),
);

/** Everything that is needed to take a swap back, also after the process was killed. */
export type SwapJournal = Omit<z.infer<typeof journalSchema>, 'owner'> & { owner: Owner };

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

export const newFile = (journal: SwapJournal, path: string): string => join(journal.payload, 'new', path);
const oldFile = (journal: SwapJournal, index: number): string => join(journal.payload, 'old', String(index));

/** The journal of a swap, or null when there is none that can be read. */
export async function readJournal(folder: string): Promise<SwapJournal | null> {
  try {
    return journalSchema.parse(JSON.parse(await readFile(join(folder, 'journal.json'), 'utf8')));
  } catch {
    return null;
  }
}

export async function writeJournal(folder: string, journal: SwapJournal): Promise<void> {
  const draft = join(folder, 'journal.draft');
  await writeFile(draft, JSON.stringify(journal), { flush: true });
  await rename(draft, join(folder, 'journal.json'));
  for (const path of [folder, dirname(folder)]) await flush(path);
}

/** Folders below `root` that have to be made for the given files, outermost first. */
export async function missingFolders(root: string, files: readonly SwapFile[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const { path, after } of files) {
    if (after === null) continue;
    const above: string[] = [];
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      if (missing.has(folder) || (await lstat(join(root, folder)).catch(() => null))?.isDirectory()) break;
      above.unshift(folder);
    }
    for (const folder of above) missing.add(folder);
  }
  return [...missing].sort((a, b) => a.split('/').length - b.split('/').length);
}

async function removeEmptyAbove(root: string, path: string): Promise<void> {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      await rmdir(join(root, folder));
    } catch {
      return;
    }
  }
}

/**
 * Puts the prepared files in place, for good. May throw at any file: `undoSwap` takes everything back. All of it is on the
 * device before the caller goes on to what cannot be taken back.
 */
export async function performSwap(journal: SwapJournal): Promise<void> {
  await mkdir(join(journal.payload, 'old'), { recursive: true });
  for (const [index, file] of journal.files.entries())
    if (file.before) await rename(join(journal.root, file.path), oldFile(journal, index));
  for (const { path, after } of journal.files) {
    if (after === null) continue;
    // A folder that has lost its files gives way to a file of its name.
    await removeEmptyFolder(join(journal.root, path));
    await mkdir(dirname(join(journal.root, path)), { recursive: true });
    await rename(newFile(journal, path), join(journal.root, path));
  }
  await flushSwap(journal);
}

async function flushSwap({ root, payload, files, madeFolders }: SwapJournal): Promise<void> {
  const folders = new Set([join(payload, 'old'), payload]);
  for (const { path } of files) folders.add(dirname(join(root, path)));
  for (const made of madeFolders) folders.add(dirname(join(root, made)));
  for (const { path, after } of files)
    if (after !== null && (await lstat(join(root, path))).isFile()) await flush(join(root, path));
  // One that only held what vanished may be gone.
  for (const folder of folders) if (await exists(folder)) await flush(folder);
}

/** Removes a folder that holds nothing but empty folders; throws at the first file. */
async function removeEmptyFolder(path: string): Promise<void> {
  const stat = await lstat(path).catch(() => null);
  if (!stat?.isDirectory()) return;
  for (const name of await readdir(path)) await removeEmptyFolder(join(path, name));
  await rmdir(path);
}

/** Removes the folders that a finished swap left empty, as git does. */
export async function tidySwap(journal: SwapJournal): Promise<void> {
  for (const { path, after } of journal.files) if (after === null) await removeEmptyAbove(journal.root, path);
}

/** sha256 of a file's bytes, or of a link's text; null when there is neither. */
export async function digestOfEntry(path: string): Promise<string | null> {
  const stat = await lstat(path).catch(() => null);
  if (stat?.isSymbolicLink()) return sha256(await readlink(path));
  return stat?.isFile() ? sha256(await readFile(path)) : null;
}

/**
 * Takes back whatever of a swap has happened: every original is where it was. Safe to repeat, also where it was cut off. Gives
 * the paths that somebody changed since; they are left alone, and so is everything else.
 */
export async function undoSwap(journal: SwapJournal): Promise<string[]> {
  const placed: SwapFile[] = [];
  for (const [index, file] of journal.files.entries()) {
    if (file.after === null || (await exists(newFile(journal, file.path)))) continue;
    // Put back already, by an undoing that was cut off.
    if (file.before && !(await exists(oldFile(journal, index)))) continue;
    if (await exists(join(journal.root, file.path))) placed.push(file);
  }
  const changed: string[] = [];
  for (const { path, after } of placed)
    if ((await digestOfEntry(join(journal.root, path))) !== after) changed.push(path);
  if (changed.length > 0) return changed;
  for (const { path } of placed) await rm(join(journal.root, path));
  for (const folder of [...journal.madeFolders].reverse())
    await rmdir(join(journal.root, folder)).catch(() => undefined);
  for (const [index, { path }] of journal.files.entries()) {
    if (!(await exists(oldFile(journal, index)))) continue;
    await mkdir(dirname(join(journal.root, path)), { recursive: true });
    await rename(oldFile(journal, index), join(journal.root, path));
  }
  return [];
}
