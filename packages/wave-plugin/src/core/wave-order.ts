import { stages, type Stage } from '@nx-wave/schemas/plain';

/** Whatever stands in a stage: resolved agents, units of a state. */
interface Staged {
  agents: readonly { stage: Stage }[];
}

/** Whatever has units that wait for each other. */
interface Dependent {
  agents: readonly { unitId: string; dependsOn: readonly string[] }[];
}

/** Stages that have agents, in the order in which they run. */
export function presentStages({ agents }: Staged): Stage[] {
  const present = new Set(agents.map(({ stage }) => stage));
  return stages.filter((stage) => present.has(stage));
}

/** The stage before `stage` that has agents, or null. */
export function previousStage(wave: Staged, stage: Stage): Stage | null {
  return (
    presentStages({ agents: wave.agents }).findLast((one) => stages.indexOf(one) < stages.indexOf(stage)) ??
    null
  );
}

/** The units and all that they depend on inside their stage, directly or not, in file order. */
export function withDependencies(wave: Dependent, unitIds: readonly string[]): string[] {
  const wanted = new Set<string>();
  const visit = (unitId: string): void => {
    if (wanted.has(unitId)) return;
    wanted.add(unitId);
    wave.agents.find((one) => one.unitId === unitId)?.dependsOn.forEach(visit);
  };
  unitIds.forEach(visit);
  return wave.agents.map(({ unitId }) => unitId).filter((unitId) => wanted.has(unitId));
}

/**
 * Slices in the order in which they can be merged: each after those that it was built on, else as they stand. Slices of other
 * waves stay in front.
 */
export function inBuildingOrder<S extends { sliceId: string }>(wave: Dependent, slices: readonly S[]): S[] {
  const ordered = new Set<S>();
  for (const slice of slices) {
    const unit = wave.agents.find(({ unitId }) => unitId === slice.sliceId);
    for (const unitId of unit ? buildingOrder(wave, unit.unitId) : [slice.sliceId])
      slices.filter(({ sliceId }) => sliceId === unitId).forEach((one) => ordered.add(one));
  }
  return [...ordered];
}

/** A unit behind all that it depends on inside its stage. */
function buildingOrder(wave: Dependent, last: string): string[] {
  const order = new Set<string>();
  const entered = new Set<string>();
  const visit = (unitId: string): void => {
    if (entered.has(unitId)) return;
    entered.add(unitId);
    wave.agents.find((one) => one.unitId === unitId)?.dependsOn.forEach(visit);
    order.add(unitId);
  };
  visit(last);
  return [...order];
}
