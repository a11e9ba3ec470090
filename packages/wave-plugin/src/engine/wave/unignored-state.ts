import type { Failure } from '@nx-wave/schemas/plain';
import { stateRootNotIgnored } from '../../core/validate/state-root';
import { isIgnored } from '../../edges/git/user-repository';
import type { Session } from '../session/session';

/** A warning where git does not ignore the folder that this wave's runs write to. */
export async function unignoredState({ repo, edges, wave }: Session): Promise<Failure[]> {
  const { stateRoot } = wave.identity;
  return (await isIgnored(repo, edges.env, stateRoot)) ? [] : [stateRootNotIgnored(stateRoot)];
}
