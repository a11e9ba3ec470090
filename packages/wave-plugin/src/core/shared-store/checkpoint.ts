import type { Artifact, Checkpoint, FileChange } from '@nx-wave/schemas';
import type { WaveSettings } from '../model';
import { isRunnerPath, type RunnerPlaces } from '../runner-paths';
import { isOwned, isUnsafePath } from '../verify/owned-paths';

/** Whose paths a checkpoint may hold. */
export interface CheckpointRoom {
  /** Of the agent, with what was granted to it. */
  owned: readonly string[];
  places: RunnerPlaces;
}

/** Regular files that the agent owns: no link leads out of a checkpoint, and nothing of the runner is in it. */
export function belongsInCheckpoint(
  { path, before, after }: Pick<FileChange, 'path' | 'before' | 'after'>,
  { owned, places }: CheckpointRoom,
): boolean {
  const isPlain = [before, after].every((side) => side === null || /^100(644|755)$/.test(side.mode));
  return isPlain && !isUnsafePath(path) && isOwned(owned, path) && !isRunnerPath(path, places);
}

/** A file below the state root that the agent owns, as it may stand in a checkpoint. */
export function isArtifactOfCheckpoint({ path }: Pick<Artifact, 'path'>, room: CheckpointRoom): boolean {
  return belongsInCheckpoint({ path, before: null, after: { mode: '100644', oid: '' } }, room);
}

export interface CheckpointAsk extends CheckpointRoom {
  workKey: string;
  specDigest: string;
  /** This run of CI. */
  run: string;
  trust: WaveSettings['trust'];
  /** Whether somebody has signed it who may. */
  isSigned: boolean;
}

/**
 * Why an agent does not go on from a checkpoint; null where it may. It is text that somebody else brings to an agent that holds
 * secrets: under `reprove` only the same run is believed, under `signed` only a signature.
 */
export function refusalOfCheckpoint(checkpoint: Checkpoint, ask: CheckpointAsk): string | null {
  if (checkpoint.workKey !== ask.workKey) return 'it is of other work';
  if (checkpoint.specDigest !== ask.specDigest) return 'the agent is asked for something else by now';
  if (ask.trust === 'signed' && !ask.isSigned) return 'nobody has signed it who may';
  if (ask.trust === 'reprove' && checkpoint.run !== ask.run)
    return 'another run has made it, and trust is "reprove"';
  const alien =
    checkpoint.changes.find((change) => !belongsInCheckpoint(change, ask)) ??
    checkpoint.artifacts.find((artifact) => !isArtifactOfCheckpoint(artifact, ask));
  return alien === undefined ? null : `it holds ${JSON.stringify(alien.path)}, which the agent may not have`;
}

/** What an earlier attempt of this machine knows of the shared store: under which claim it was made, and from where it went on. */
export interface OwnWork {
  claimToken?: unknown;
  continuedFrom?: unknown;
}

/** Whether the work of an attempt that this machine has kept is newer than a checkpoint of the same key. */
export function isNewerThan(own: OwnWork, checkpoint: Pick<Checkpoint, 'token'>, digest: string): boolean {
  return own.claimToken === checkpoint.token || own.continuedFrom === digest;
}
