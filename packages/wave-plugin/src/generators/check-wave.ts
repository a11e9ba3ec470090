import { type Tree } from '@nx/devkit';
import { type WaveDefinition } from '@nx-wave/schemas';
import { type Checked, type WaveConfig } from '@nx-wave/schemas/plain';
import { parseWave } from '../built-in';
import { readMatrixLevels } from '../core/parse/component-matrix';
import { filledScopeOf } from '../core/resolve/filled-scope';
import { waveIdentity } from '../core/resolve/identity';
import { describeFailures } from '../core/views/describe-failure';

/** Reads a wave file as inference does: with the configuration of the workspace, and the levels of the component matrix. */
export function readWave(
  tree: Tree,
  file: { path: string; text: string },
  config: WaveConfig,
): Checked<WaveDefinition> {
  const identity = waveIdentity(file.path, config);
  const scope = identity === null ? null : filledScopeOf(config, identity);
  const matrix = scope === null ? null : tree.read(scope.paths.componentCutoverMatrixJsonPath, 'utf8');
  return parseWave(file, { config, ...(matrix === null ? {} : { levels: readMatrixLevels(matrix) }) });
}

/** Refuses to write a wave file that could not be launched; answers what it says. */
export function checkWave(
  tree: Tree,
  file: { path: string; text: string },
  config: WaveConfig,
): WaveDefinition {
  const parsed = readWave(tree, file, config);
  if (parsed.ok) return parsed.value;
  const errors = parsed.failures.filter(({ severity }) => severity === 'error');
  throw new Error(`Nothing was written:\n${describeFailures(errors)}`);
}
