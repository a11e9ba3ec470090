import type { WaveConfig } from '@nx-wave/schemas';
import { laneProjects } from '../resolve/identity';
import { wavePaths, type WavePaths } from './wave-paths';

/** Where another wave keeps its state, by its project name; null when no lane of the configuration has such names. */
export function dependencyPaths(project: string, config: WaveConfig): WavePaths | null {
  const match = /^(.*?)wave-(\d{1,15})$/.exec(project);
  if (match === null) return null;
  const lane = laneProjects(config).find((one) => one.project === `${match[1] ?? ''}waves`);
  return lane ? wavePaths({ launcherDir: lane.launcherDir, waveNumber: Number(match[2]) }) : null;
}
