import { type AgentSpec, type RoleId } from '@nx-wave/schemas';

/** True for a capability that begins with the word, or a title that holds it as a word of its own. */
export function isSpecialist(agent: AgentSpec, word: RoleId): boolean {
  return (
    agent.capabilities.some((capability) => capability.startsWith(word)) ||
    agent.title
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .includes(word)
  );
}
