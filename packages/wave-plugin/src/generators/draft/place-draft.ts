import { basename, join } from 'node:path';
import { type Tree } from '@nx/devkit';
import { type WaveDefinition } from '@nx-wave/schemas';
import { sha256, type WaveConfig } from '@nx-wave/schemas/plain';
import { writePlainOnce } from '../../edges/files/plain-files';
import { checkWave } from '../check-wave';
import { mainLane } from '../workspace';

/**
 * Puts a draft where its wave file belongs. One that cannot be launched, or whose place somebody has taken while it was drafted, is
 * kept beside the runs and refused: it has been paid for. Its name there is that of its bytes, so that no other draft, and none
 * that is being mended, is written over. Answers what it says.
 */
export function placeDraft(
  tree: Tree,
  file: { path: string; text: string },
  config: WaveConfig,
): WaveDefinition {
  const { path, text } = file;
  let drafted: WaveDefinition;
  try {
    drafted = checkWave(tree, file, config);
    if (tree.exists(path)) throw new Error(`${path} is there by now, and is not written over.`);
  } catch (error) {
    const name = `${basename(path, '.md')}-${sha256(text).slice(0, 8)}.md`;
    const kept = join(mainLane(tree).stateRoot, 'drafts', name);
    writePlainOnce(join(tree.root, kept), text);
    throw new Error(
      `The draft cannot take its place as it stands. It is kept in ${kept}: mend it, and move it to ${path}, or to the next free number.\n${(error as Error).message}`,
      { cause: error },
    );
  }
  tree.write(path, text);
  return drafted;
}
