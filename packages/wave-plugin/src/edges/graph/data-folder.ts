import { resolve } from 'node:path';

/**
 * Where Nx keeps what it knows of a workspace, its graph among it; `nx reset` empties it. Nx's own rule (`utils/cache-directory`), as far as the
 * environment says.
 */
export function dataFolder(workspaceRoot: string, env: Readonly<Record<string, string | undefined>>): string {
  const folder =
    env['NX_WORKSPACE_DATA_DIRECTORY'] ?? env['NX_PROJECT_GRAPH_CACHE_DIRECTORY'] ?? '.nx/workspace-data';
  return resolve(workspaceRoot, folder);
}
