import { filesInCommand } from '../../core/resolve/agent-files';
import type { WriteGuard } from '../../core/verify/proof-writes';
import type { Session } from '../session/session';
import type { Slice } from './slices';

/**
 * What proof commands may not change: what the slices changed, what agents of the wave own, and the files of
 * `validation.testCommand`, by which the wave is judged. `may write:` counts for the units that are proved.
 */
export function writeGuard(
  { wave }: Session,
  slices: readonly Pick<Slice, 'sliceId' | 'changes'>[],
): WriteGuard {
  const { testCommand } = wave.settings;
  const units = new Set(slices.map(({ sliceId }) => sliceId));
  return {
    guarded: [
      ...slices.flatMap(({ changes }) => changes.map(({ path }) => path)),
      ...wave.agents.flatMap(({ ownedPaths }) => ownedPaths),
      ...(testCommand === null ? [] : filesInCommand(testCommand)),
    ],
    mayWrite: wave.agents.flatMap(({ unitId, mayWrite = [] }) => (units.has(unitId) ? mayWrite : [])),
  };
}
