import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Failure } from '@nx-wave/schemas/plain';
import { describeFailure } from '../../core/views/describe-failure';
import { currentOwner } from '../../edges/lease/owner';
import type { Edges } from '../session/edges';
import type { Session } from '../session/session';

/** A private folder of one step of a command, below the scratch root. */
export interface ScratchHome {
  path: string;
  /** Carried by every process that is started in it: what a killed command leaves of them is ended by the next one. */
  marker: string;
  /** Removes it; what cannot be removed is printed, and fails nobody. */
  close(): Promise<void>;
}

/**
 * Opens one. Its owner is noted before anything stands in it: what a killed command leaves is swept by the next one.
 * `marker` is given where the processes of a lease work in it.
 */
export async function openHome(
  { edges, wave }: Session,
  purpose: string,
  marker: string = randomUUID(),
): Promise<ScratchHome> {
  const name = `${wave.identity.project}-${purpose}-${randomUUID().slice(0, 8)}`;
  const path = join(edges.scratchRoot, name);
  // Where nothing can be written, the first thing that has to be says so.
  await edges.git.claimFolder(path, { ...currentOwner(), marker }).catch(() => undefined);
  return { path, marker, close: () => discard(edges, path) };
}

/** Removes a private folder of this or of an earlier command. */
export async function discard(edges: Pick<Edges, 'git' | 'print'>, folder: string): Promise<void> {
  tellLeft(edges, await edges.git.discardFolder(folder));
}

/** Prints what could not be removed. */
export function tellLeft({ print }: Pick<Edges, 'print'>, left: Failure | null): void {
  if (left !== null) print(describeFailure(left));
}
