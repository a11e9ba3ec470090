import { stages, type Stage } from '@nx-wave/schemas/plain';

/** Whatever stands in a stage: resolved agents, units of a state. */
interface Staged {
  agents: readonly { stage: Stage }[];
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
export function withDependencies(
  wave: { agents: readonly { unitId: string; dependsOn: readonly string[] }[] },
  unitIds: readonly string[],
): string[] {
  const wanted = new Set<string>();
  const visit = (unitId: string): void => {
    if (wanted.has(unitId)) return;
    wanted.add(unitId);
    wave.agents.find((one) => one.unitId === unitId)?.dependsOn.forEach(visit);
  };
  unitIds.forEach(visit);
  return wave.agents.map(({ unitId }) => unitId).filter((unitId) => wanted.has(unitId));
}
