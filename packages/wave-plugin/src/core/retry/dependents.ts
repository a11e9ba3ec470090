import { stages } from '@nx-wave/schemas/plain';
import type { WaveState } from '../state/wave-state';

/**
 * Units whose proof stands today and falls with the ones that run again: those that depend on one of them inside its stage,
 * and those of later stages, which judge or build on the result.
 */
export function withDependents(state: WaveState, rerun: ReadonlySet<string>): Set<string> {
  const earliest = Math.min(
    ...state.units.filter(({ unitId }) => rerun.has(unitId)).map(({ stage }) => stages.indexOf(stage)),
  );
  const fallen = new Set(rerun);
  for (let before = -1; before !== fallen.size;) {
    before = fallen.size;
    for (const { unitId, stage, proof, dependsOn } of state.units) {
      const builds = stages.indexOf(stage) > earliest || dependsOn.some((other) => fallen.has(other));
      if (proof !== null && builds) fallen.add(unitId);
    }
  }
  return fallen;
}
