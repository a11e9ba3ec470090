import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { ProjectConfiguration } from '@nx/devkit';

type Projects = Record<string, ProjectConfiguration>;

interface Graph {
  nodes?: Record<string, { data?: ProjectConfiguration }>;
}

/** Where Nx keeps its graph, as far as the environment says: Nx's own rule (`utils/cache-directory`), settings of long ago left out. */
const folderOf = (root: string, env: NodeJS.ProcessEnv): string =>
  resolve(
    root,
    env['NX_WORKSPACE_DATA_DIRECTORY'] ?? env['NX_PROJECT_GRAPH_CACHE_DIRECTORY'] ?? '.nx/workspace-data',
  );

/**
 * The projects of the graph that Nx has made for the command which this process belongs to. Read from its file, which takes no time beside
 * loading Nx; where there is no such file, Nx is loaded and asked. Empty where neither can tell.
 */
export function cachedProjects(root: string, env: NodeJS.ProcessEnv): Projects {
  return projectsOf(readGraph(resolve(folderOf(root, env), 'project-graph.json')) ?? askNx(root));
}

function readGraph(path: string): Graph | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Graph;
  } catch {
    return null;
  }
}

function askNx(root: string): Graph | null {
  try {
    const { readCachedProjectGraph } = createRequire(resolve(root, 'package.json'))('@nx/devkit') as {
      readCachedProjectGraph(): Graph;
    };
    return readCachedProjectGraph();
  } catch {
    return null;
  }
}

function projectsOf(graph: Graph | null): Projects {
  const entries = Object.entries(graph?.nodes ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, { data }]) => (data === undefined ? [] : [[name, data]])),
  );
}
