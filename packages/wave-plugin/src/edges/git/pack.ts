import { mkdir, readFile, rename, rm, writeFile } from '../files/at-once';
import { dirname } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type GitPlace, runGit } from './run-git';

/** Ids of every pre- and post-image blob of the changes, sorted, each once. */
export function imagesOf(changes: readonly FileChange[]): string[] {
  const images = changes.flatMap((c) => [c.before, c.after]);
  return [...new Set(images.flatMap((i) => (i && i.mode !== '160000' ? [i.oid] : [])))].sort();
}

/** Where a pack goes, and its index, where somebody wants that. */
export interface PackPlace {
  packFile: string;
  indexFile?: string;
}

const flags = ['-q', '--threads=1', '--no-reuse-object', '--no-reuse-delta'];

/**
 * Writes the images of `changes` as one pack file, the same bytes for the same objects, with or without an index. `at` is a
 * private git directory that can read them. False when there is nothing to pack.
 */
export async function packImages(
  at: GitPlace,
  changes: readonly FileChange[],
  { packFile, indexFile }: PackPlace,
): Promise<Result<boolean>> {
  const oids = imagesOf(changes);
  if (oids.length === 0) return ok(false);
  const input = `${oids.join('\n')}\n`;
  const target = indexFile === undefined ? '--stdout' : `${indexFile}.draft`;
  const packed = await runGit(['pack-objects', ...flags, target], { ...at, input });
  if (!packed.ok) return packed;
  await mkdir(dirname(packFile), { recursive: true });
  if (indexFile === undefined) await writeFile(packFile, packed.value.stdout);
  else {
    const made = `${target}-${packed.value.stdout.toString().trim()}`;
    await writeFile(packFile, await readFile(`${made}.pack`));
    await rename(`${made}.idx`, indexFile);
    await rm(`${made}.pack`, { force: true });
  }
  return ok(true);
}

/** Unpacks a slice's pack into the object directory of `at`; git checks every object against its id. Codes: bundle-invalid. */
export function unpackImages(at: GitPlace, packFile: string) {
  return runGit(['index-pack', '--stdin', '--strict'], { ...at, input: { file: packFile } });
}
