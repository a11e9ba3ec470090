import { stages } from '@nx-wave/schemas/plain';
import type { ResolvedWave } from '../model';

/** How many tasks Nx runs at once unless it is told otherwise. */
const nxDefault = 3;

/** How many tasks of the wave can run at once, and never fewer than Nx runs by default. */
export function neededParallel({ agents }: Pick<ResolvedWave, 'agents'>): number {
  return Math.max(
    nxDefault,
    ...stages.map((stage) => agents.filter((agent) => agent.stage === stage).length),
  );
}

/** What lets all agents of the widest stage run at once, or null where the default of Nx does. */
export function parallelHint(wave: ResolvedWave): string | null {
  const widths = stages.map((stage) => wave.agents.filter((agent) => agent.stage === stage).length);
  const widest = Math.max(...widths);
  if (widest <= nxDefault) return null;
  const stage = stages[widths.indexOf(widest)] ?? '';
  return `Nx runs ${nxDefault} tasks at once by default; --parallel=${widest} starts all agents of the ${stage} stage together.`;
}
