import type { StrengthLevel } from '@nx-wave/schemas/plain';
import type { AttemptRecord } from '../state/wave-evidence';
import type { UnitState } from '../state/wave-state';

/** What the proof of a unit is worth, as it was measured. */
export interface UnitStrength {
  unitId: string;
  asked: StrengthLevel;
  reached: StrengthLevel;
  /** Why it could not be measured, or null. */
  unmeasured: string | null;
}

/** Of each unit whose proof stands and that owes any; bundles of earlier versions tell nothing. */
export function unitStrengths(
  units: readonly Pick<UnitState, 'unitId' | 'proof' | 'implementationOwning'>[],
  attempts: readonly AttemptRecord[],
): UnitStrength[] {
  return units.flatMap(({ unitId, proof, implementationOwning }) => {
    const bundle = proof && attempts.find(({ proofDigest }) => proofDigest === proof.proofDigest);
    const { strength, proofCommands = [] } = bundle?.predicate ?? {};
    if (!strength || (proofCommands.length === 0 && !implementationOwning)) return [];
    const { asked, reached, unmeasured } = strength;
    return [{ unitId, asked, reached, unmeasured }];
  });
}

/** `checked`, or why there is no level: one or two words for a column. */
export function strengthWord({ asked, reached, unmeasured }: UnitStrength): string {
  if (asked === 'exit') return 'exit';
  return unmeasured === null ? reached : 'not measurable';
}
