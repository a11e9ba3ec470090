import {
  defaultOf,
  fillDefaults,
  scopeKeys,
  type FilledScope,
  type WaveConfig,
} from '@nx-wave/schemas/plain';
import { docsDirOf } from './identity';
import { oncePerScope, scopeOf, type ScopeName } from './scope';

/** The configuration of one lane with every default of the table of keys filled in. */
export const filledScopeOf = oncePerScope((config: WaveConfig, name: ScopeName): FilledScope => {
  const scope = scopeOf(config, name);
  const docsDir = docsDirOf(config, name);
  const { rolePromptDir: key } = scopeKeys.roles.fields;
  const rolePromptDir = scope.roles?.rolePromptDir ?? String(defaultOf(key, { docsDir, rolePromptDir: '' }));
  const filled = fillDefaults(scopeKeys, scope, { docsDir, rolePromptDir });
  return { ...filled, paths: { ...filled.paths, docsDir } };
});
