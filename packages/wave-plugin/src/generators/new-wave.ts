import { type Tree } from '@nx/devkit';
import { type WaveConfig } from '@nx-wave/schemas/plain';
import { localKeys } from '../adapters/local.keys';
import { vocabularies } from '../adapters/vocabularies';

/** The number that was asked for, or the first that no wave and no other project has. */
export async function numberOf(tree: Tree, wavesDir: string, asked: number | undefined): Promise<number> {
  const taken = await projectNames(tree);
  const fileOf = (wave: number) => `${wavesDir}/wave-${wave}.md`;
  if (asked !== undefined) {
    if (!Number.isInteger(asked) || asked < 0) throw new Error(`A wave has a whole number; found ${asked}.`);
    if (tree.exists(fileOf(asked)))
      throw new Error(`${fileOf(asked)} is there already, and is not written over.`);
    const other = taken.get(`wave-${asked}`);
    if (other !== undefined)
      throw new Error(`The project in ${other} is called wave-${asked} already: give another --number.`);
    return asked;
  }
  let wave = 1;
  while (tree.exists(fileOf(wave)) || taken.has(`wave-${wave}`)) wave += 1;
  return wave;
}

/** Folders by the names of the projects in them, as the files of the workspace say; without those that plugins infer. */
async function projectNames(tree: Tree): Promise<Map<string, string>> {
  const { getProjects } = await import('nx/src/devkit-exports');
  return new Map([...getProjects(tree)].map(([name, { root }]) => [name, root]));
}

/** The executor that was asked for, or that of the configuration; one that does not exist is refused. */
export function executorIdOf(asked: string | undefined, config: WaveConfig): string {
  const executorId = asked || config.executors?.default || localKeys.executorId;
  const known = vocabularies.map((one) => one.executorId);
  if (!known.includes(executorId))
    throw new Error(`There is no executor "${executorId}". There are: ${known.join(', ')}.`);
  return executorId;
}
