import type { Failure } from '@nx-wave/schemas/plain';
import type { WaveEvidence } from './wave-evidence';

/** Why a unit has no proof, as much of a failure as a stored attempt still knows. */
export type KnownFailure = Pick<Failure, 'message' | 'place'> & { code: string };

export interface UnitFailures {
  unitId: string;
  failures: readonly KnownFailure[];
}

/**
 * Why each unit without proof has none: what the running task has just failed with, else what the last attempt for the
 * present work key was refused for. Agents of one stage fail side by side, each in a task of its own.
 */
export function knownFailures(evidence: WaveEvidence): UnitFailures[] {
  const present = evidence.failures ?? [];
  const told = new Set(present.filter(({ failures }) => failures.length > 0).map(({ unitId }) => unitId));
  const stored = evidence.wave.agents
    .filter(({ unitId }) => !told.has(unitId))
    .map(({ unitId }) => ({ unitId, failures: storedFailures(evidence, unitId) }));
  return [...present, ...stored].filter(({ failures }) => failures.length > 0);
}

function storedFailures({ attempts, bundles, workKeys }: WaveEvidence, unitId: string): KnownFailure[] {
  const workKey = workKeys[unitId];
  if (workKey === undefined || bundles.some((bundle) => bundle.unitId === unitId)) return [];
  const last = attempts
    .map(({ predicate }) => predicate)
    .filter((one) => one.agentId === unitId && one.workKey === workKey)
    .sort((a, b) => a.attempt - b.attempt)
    .at(-1);
  if (last?.state !== 'not_proven') return [];
  return last.failures.map(({ code, message, path }) => ({
    code,
    message,
    ...(typeof path === 'string' ? { place: { path } } : {}),
  }));
}
