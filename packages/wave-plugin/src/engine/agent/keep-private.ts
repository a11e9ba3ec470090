import { makePrivate } from '../../edges/files/make-private';
import type { Session } from '../session/session';
import type { CollectedSlice } from './prove-slice';

/** Whether a slice holds what is surely a secret. */
export function holdsSecret({ secrets }: Pick<CollectedSlice, 'secrets'>): boolean {
  return secrets?.sightings.some(({ certain }) => certain) ?? false;
}

/** Takes a folder of a slice that holds a secret out of everybody else's sight; where that fails, it is said. */
export async function keepPrivate(
  { edges }: Pick<Session, 'edges'>,
  slice: Pick<CollectedSlice, 'secrets'>,
  folder: string,
): Promise<void> {
  if (!holdsSecret(slice)) return;
  const done = await makePrivate(folder);
  if (!done.ok) edges.print(`warning: others may read ${folder}: ${done.error.message}`);
}
