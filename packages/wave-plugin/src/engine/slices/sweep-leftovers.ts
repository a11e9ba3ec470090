import { join } from 'node:path';
import { readableNames } from '../../edges/files/list-folder';
import { fileTimeMs } from '../../edges/git/outside-state';
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
  edges.notes.sweep(fileTimeMs());
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
  const onLeft = (left: Failure) => tellLeft(edges, left);
  await edges.git.sweepStale(edges.scratchRoot, {
    keep: (folder) => kept.has(folder),
    onAbandoned: (marker) => endOrphans(edges, marker),
    onLeft,
  });
  await edges.git.sweepStale(join(edges.scratchRoot, 'runs'), {
    keep: (folder) => needed.some((objects) => objects.startsWith(`${folder}/`)),
    onLeft,
  });
}

/** A proof command that outlives its killed runner would go on in a folder that is gone. */
async function endOrphans({ print, processes }: Edges, marker: string): Promise<void> {
  const ended = await processes.endMarked(marker);
  if (ended > 0) print(`ended: ${ended} process${ended === 1 ? '' : 'es'} that a killed command had left`);
}
