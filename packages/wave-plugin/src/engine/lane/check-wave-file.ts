import { isAbsolute, join, relative, sep } from 'node:path';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { readWaveConfig } from '../../built-in';
import { waveIdentity } from '../../core/resolve/identity';
import { readText } from '../../edges/files/read-file';
import { lintWave } from '../wave/lint-wave';

/** What is wrong in one wave file, without Nx and without git: fast enough to be asked at each save. */
export async function checkWaveFile(workspaceRoot: string, file: string): Promise<Failure[]> {
  const path = relative(workspaceRoot, isAbsolute(file) ? file : join(workspaceRoot, file))
    .split(sep)
    .join('/');
  const { config, failures, warnings } = readWaveConfig(
    await readText(join(workspaceRoot, 'wave.config.json')),
  );
  const identity = waveIdentity(path, config);
  if (identity !== null)
    return [...failures, ...warnings, ...(await lintWave({ workspaceRoot, git: null }, identity))];
  return [
    failure('wave-invalid-filename', `${path} is not a wave file of this workspace.`, {
      place: { path },
      next: 'Run this in the folder of nx.json, with a file named wave-<number>.md inside a waves folder.',
    }),
  ];
}
