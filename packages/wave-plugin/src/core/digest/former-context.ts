import { digestOf } from '@nx-wave/schemas/plain';
import type { ResolvedWave } from '../model';
import { ownershipOf } from '../parse/paths';
import type { Ingredients } from './ingredients';

/**
 * Pure: context files of an agent that its stored work left out because an agent of the wave owns them: keys were made
 * so once, and what the agent saw of these files is not known. Empty where the stored work counted every context file.
 */
export function uncountedContext(
  stored: Ingredients,
  contextPaths: readonly string[],
  { agents }: Pick<ResolvedWave, 'agents'>,
): string[] {
  const owned = ownershipOf(agents.flatMap(({ ownedPaths }) => ownedPaths));
  const counted = contextPaths.filter((path) => owned.ownerOf(path) === null);
  if (stored['work.contextPaths'] !== digestOf(counted)) return [];
  return contextPaths.filter((path) => owned.ownerOf(path) !== null);
}

/** One sentence for the person who sees an agent run again. */
export function describeUncounted(paths: readonly string[], since: string): string {
  return `${since} was made by a version whose key left out ${paths.join(', ')}, which this wave owns: what its agent saw of it is not known`;
}
