import { type Tree } from '@nx/devkit';

/** Folders by the names of the projects in them, as the files of the workspace say; without those that plugins infer. */
export async function projectNames(tree: Tree): Promise<Map<string, string>> {
  const { getProjects } = await import('nx/src/devkit-exports');
  return new Map([...getProjects(tree)].map(([name, { root }]) => [name, root]));
}
