import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileChange, LedgerEntry } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import { absent, contextEntries, coversFile, type ContextFiles } from '../../core/digest/context-entries';
import { takeBack, type FileIds } from '../../core/digest/landed-context';
import { sortLedger } from '../../core/state/ledger';
import { waveFolders } from '../../core/resolve/identity';
import { listFiles, namesIn } from '../../edges/files/list-folder';
import { hashFile, readBytes } from '../../edges/files/read-file';
import { readLedger, type Session } from '../session/session';
import { readDependencies } from '../slices/dependency-slices';

/**
 * The context files as an agent's base has them before any slice of the wave: the working tree with the patches of the
 * closed waves that it builds on. A folder gives one entry per file. Nothing below the state root is in any base.
 */
export async function readContext(session: Session, paths: readonly string[]): Promise<ContextFiles> {
  const files = await workingFiles(session, paths);
  if (paths.length > 0 && session.wave.dependsOn.length > 0) await addDependencies(session, paths, files);
  return contextEntries(paths, files);
}

/** A context that was there before, and the paths that moved since. */
export interface EarlierContext {
  context: ContextFiles;
  moved: string[];
}

/**
 * The context as it was before landings and adopted slices of this and other waves, one for each that is taken back, the
 * newest first.
 */
export async function readContextBefore(
  session: Session,
  paths: readonly string[],
  present: ContextFiles,
): Promise<EarlierContext[]> {
  return paths.length === 0
    ? []
    : contextWithout(session, paths, { present, moves: await readMoves(session) });
}

/** The context without changes that stand in the tree, one for each list that is taken back, the newest first. */
export async function contextWithout(
  session: Session,
  paths: readonly string[],
  { present, moves }: { present: ContextFiles; moves: readonly FileChange[][] },
): Promise<EarlierContext[]> {
  const landings = moves
    .map((changes) => changes.filter(({ path }) => paths.some((one) => coversFile(one, path))))
    .filter((changes) => changes.length > 0);
  const [sample] = landings.flat().flatMap(({ before, after }) => before?.oid ?? after?.oid ?? []);
  if (sample === undefined) return [];
  const now = new Map<string, string | null>();
  for (const { path } of landings.flat()) now.set(path, await blobIdOf(session.at(path), sample.length));
  const states = takeBack(now, landings);
  const oids = [...new Set(states.flatMap((state) => [...state.values()].filter((id) => id !== null)))];
  const digests = await session.edges.git.contentDigests(session.repo, oids);
  if (!digests.ok) return [];
  return states.flatMap((state) => contextAt(state, { paths, present, now, digests: digests.value }));
}

/** What a context is made from, whenever it was. */
interface Known {
  paths: readonly string[];
  present: ContextFiles;
  now: FileIds;
  /** sha256 by blob id. */
  digests: ReadonlyMap<string, string>;
}

/** None where the repository does not have an earlier content any more. */
function contextAt(state: FileIds, { paths, present, now, digests }: Known): EarlierContext[] {
  const files = new Map(present.filter(([path, content]) => !path.endsWith('/') && content !== absent));
  const moved = [...state].filter(([path, id]) => now.get(path) !== id).map(([path]) => path);
  for (const path of moved) {
    const id = state.get(path) ?? null;
    const content = id === null ? null : digests.get(id);
    if (content === undefined) return [];
    if (content === null) files.delete(path);
    else files.set(path, content);
  }
  return [{ context: contextEntries(paths, files), moved: moved.sort() }];
}

async function workingFiles(session: Session, paths: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const note = async (path: string) => {
    if (path.startsWith(`${session.wave.identity.stateRoot}/`)) return;
    const content = await hashFile(session.at(path));
    if (content !== null) files.set(path, content);
  };
  for (const path of paths) {
    if (!path.endsWith('/')) await note(path);
    else for (const file of (await listFiles(session.at(path))).files) await note(path + file.path);
  }
  return files;
}

/** What git would merge is known by what goes into it: content that no pack has is never taken for other content. */
async function addDependencies(
  session: Session,
  paths: readonly string[],
  files: Map<string, string>,
): Promise<void> {
  const ids = new Map<string, string | null>();
  for (const { changes, packFile } of (await readDependencies(session)).slices) {
    const own = changes.filter(({ path }) => paths.some((one) => coversFile(one, path)));
    const oids = own.flatMap(({ after }) => after?.oid ?? []);
    const digests = await session.edges.git.contentDigests(
      session.repo,
      oids,
      packFile === null ? [] : [packFile],
    );
    const contents = digests.ok ? digests.value : new Map<string, string>();
    for (const { path, before, after } of own) {
      const length = (before ?? after)?.oid.length ?? 40;
      const at = ids.has(path) ? ids.get(path) : await blobIdOf(session.at(path), length);
      const next = after?.oid ?? null;
      if (at === next) continue;
      const content = next === null ? null : contents.get(next);
      if (at === (before?.oid ?? null) && content !== undefined) {
        ids.set(path, next);
        if (content === null) files.delete(path);
        else files.set(path, content);
        continue;
      }
      ids.set(path, null);
      files.set(path, digestOf({ merge: [files.get(path) ?? absent, before?.oid ?? null, next] }));
    }
  }
}

/** The id that git would give to the bytes of a file; null where it is absent. `length` tells sha1 from sha256. */
async function blobIdOf(path: string, length: number): Promise<string | null> {
  const bytes = await readBytes(path);
  if (bytes === null) return null;
  return createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

/**
 * The changes of every landing and every adopted slice of every wave, the newest first: a person adopts from a tree in
 * which the change stands, and no base has it before the slice.
 */
async function readMoves(session: Session): Promise<FileChange[][]> {
  const own = session.wave.identity.ledgerDir;
  const parent = own.slice(0, Math.max(0, own.lastIndexOf('/')));
  const folders = new Set([own]);
  const waves = waveFolders(session.config, session.include).map(({ dir }) => dir);
  for (const folder of new Set([parent, ...waves])) {
    for (const name of await namesIn(session.at(folder))) {
      if (/^wave-\d+\.ledger$/.test(name)) folders.add(join(folder, name));
      if (/^wave-\d+$/.test(name)) folders.add(join(folder, name, `${name}.ledger`));
    }
  }
  const entries: LedgerEntry[] = [];
  for (const folder of folders) entries.push(...(await readLedger(session.at(folder))).entries);
  return sortLedger(entries)
    .reverse()
    .flatMap((entry) => {
      if (entry.type === 'wave.landed') return [entry.changes];
      return entry.type === 'slice.adopted' && entry.changes !== undefined ? [entry.changes] : [];
    });
}
