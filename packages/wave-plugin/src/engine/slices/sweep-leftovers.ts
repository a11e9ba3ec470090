import { join } from 'node:path';
import { readableNames } from '../../edges/files/list-folder';
import { isUncollected } from '../../edges/store/attempts';
import type { Failure } from '@nx-wave/schemas/plain';
import { tellLeft } from './scratch-home';
import type { Edges } from '../session/edges';
import { readAttemptNote, readRunning } from './attempt-note';

/**
 * Removes what crashed runs left in the scratch folder, by recorded owner only: nothing is guessed from names or ages.
 * A checkout with work that nobody has collected stays, and so does the snapshot that it stands on.
 */
export async function sweepLeftovers(edges: Edges): Promise<void> {
  const kept = new Set<string>();
  const needed: string[] = [];
  for (const name of await readableNames(edges.scratchRoot)) {
    const folder = join(edges.scratchRoot, name);
    const attempt = await readAttemptNote(folder);
    if (attempt === null || !(await isUncollected(attempt))) continue;
    const running = await readRunning(attempt);
    if (running === null || !running.checkout.checkout.home.startsWith(`${folder}/`)) continue;
    kept.add(folder);
    needed.push(...running.checkout.borrowed);
  }
  const tell = (left: Failure) => tellLeft(edges, left);
  await edges.git.sweepStale(edges.scratchRoot, (folder) => kept.has(folder), tell);
  await edges.git.sweepStale(
    join(edges.scratchRoot, 'runs'),
    (folder) => needed.some((objects) => objects.startsWith(`${folder}/`)),
    tell,
  );
}
