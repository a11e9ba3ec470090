import { type Tree } from '@nx/devkit';
import { filledScopeOf } from '../../core/resolve/filled-scope';
import { roleNamesOf } from '../../core/resolve/settings';
import { readPlain } from '../../edges/files/plain-files';
import { packageFile } from '../../edges/files/package-root';
import { roles } from '../../roles/registry';
import {
  checkConnected,
  checkMachine,
  configOf,
  formatAsWorkspace,
  mainLane,
  tell,
  type AfterWriting,
} from '../workspace';

export interface RoleOptions {
  role: string;
  skipFormat?: boolean;
}

/** Copies the standing prompt of a role into the workspace, where a team can make it its own. Never writes over a file. */
export default async function roleGenerator(tree: Tree, options: RoleOptions): Promise<AfterWriting> {
  checkMachine();
  checkConnected(tree);
  const rule = roles.find(({ id }) => id === options.role);
  if (rule === undefined)
    throw new Error(
      `There is no role "${options.role}". There are: ${roles.map(({ id }) => id).join(', ')}.`,
    );
  const { projectId, lane } = mainLane(tree);
  const names = roleNamesOf(filledScopeOf(configOf(tree), { projectId, lane }), roles);
  const path = names.rolePromptPaths[rule.id];
  if (path === undefined) throw new Error(`The role ${rule.id} has no prompt.`);
  if (tree.exists(path)) throw new Error(`${path} is there already, and is not written over.`);
  const shipped = rule.traits?.shippedPrompt ?? `${rule.id}.md`;
  tree.write(path, readPlain(packageFile('role-prompts', shipped)));
  const unformatted = await formatAsWorkspace(tree, options);
  return tell([
    `Edit ${path}: what stands under "## Standing prompt" is given to the agent.`,
    'Name it in the block of an agent:',
    '',
    '### Role prompts',
    '',
    `- ${path}`,
    ...unformatted,
  ]);
}
