import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defaultOf, isGroup, scopeKeys } from '@nx-wave/schemas/plain';
import { agentIdKey } from '../core/resolve/settings';
import { traitsOf } from '../core/resolve/units';
import { roles } from './registry';

const shipped = join(__dirname, '..', '..', 'role-prompts');

describe('the registry of roles', () => {
  it('knows every role once, and ends with the one that takes everybody', () => {
    expect(new Set(roles.map(({ id }) => id)).size).toBe(roles.length);
    expect(roles.at(-1)?.matches.length).toBe(0);
  });

  it.each(roles.map((role) => [role.id, role] as const))('has a standing prompt for %s', (_id, role) => {
    expect(existsSync(join(shipped, traitsOf(role).shippedPrompt))).toBe(true);
  });

  it('and the table of configuration keys agree on the agent ids', () => {
    const table = Object.entries(scopeKeys.roles.fields)
      .filter(([key]) => key.endsWith('AgentId'))
      .map(([key, entry]) => [
        key,
        isGroup(entry) ? null : defaultOf(entry, { docsDir: '', rolePromptDir: '' }),
      ]);
    const own = roles.flatMap(({ id, agentId }) =>
      agentId === undefined ? [] : [[agentIdKey(id), agentId]],
    );
    expect(Object.fromEntries(own)).toEqual(Object.fromEntries(table));
  });
});
