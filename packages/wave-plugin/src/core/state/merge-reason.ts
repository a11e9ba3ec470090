import type { GateReason } from '@nx-wave/schemas';

/** The id of the gate that speaks for merging: what makes its findings and what reads them again know it from here. */
export const mergeGateId = 'merge';

/** True for what merging and proving slices together found. */
export function isMergeReason({ gate }: Pick<GateReason, 'gate'>): boolean {
  return gate === mergeGateId;
}
