import { type AgentSpec, type RoleId } from '@nx-wave/schemas';
import { type RoleNames } from '../core/model';

/** True when the agent imports the role's prompt: the configured one, or any file of the conventional name. */
export function importsPrompt(agent: AgentSpec, role: RoleId, names: RoleNames): boolean {
  const configured = names.rolePromptPaths[role];
  return agent.rolePrompts.some(
    (path) => path === configured || path === conventional(role) || path.endsWith(`/${conventional(role)}`),
  );
}

function conventional(role: RoleId): string {
  return `wave-${role}-role.md`;
}
