import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type GitPlace, runGit } from './run-git';

/** Ids of every pre- and post-image blob of the changes, sorted, each once. */
export function imagesOf(changes: readonly FileChange[]): string[] {
  const images = changes.flatMap((c) => [c.before, c.after]);
  return [...new Set(images.flatMap((i) => (i && i.mode !== '160000' ? [i.oid] : [])))].sort();
}

/**
 * Writes the images of `changes` as one pack file, the same bytes for the same objects. `at` is a private git directory
 * that can read them. False when there is nothing to pack.
 */
export async function packImages(
  at: GitPlace,
  changes: readonly FileChange[],
  packFile: string,
): Promise<Result<boolean>> {
  const oids = imagesOf(changes);
  if (oids.length === 0) return ok(false);
  const flags = ['--stdout', '-q', '--threads=1', '--no-reuse-object', '--no-reuse-delta'];
  const packed = await runGit(['pack-objects', ...flags], { ...at, input: `${oids.join('\n')}\n` });
  if (!packed.ok) return packed;
  await mkdir(dirname(packFile), { recursive: true });
  await writeFile(packFile, packed.value.stdout);
  return ok(true);
}

/** Unpacks a slice's pack into the object directory of `at`; git checks every object against its id. Codes: bundle-invalid. */
export function unpackImages(at: GitPlace, packFile: string) {
  return runGit(['index-pack', '--stdin', '--strict'], { ...at, input: { file: packFile } });
}
