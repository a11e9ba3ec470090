import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ProjectConfiguration } from '@nx/devkit';
import { dataFolder } from './data-folder';

type Projects = Record<string, ProjectConfiguration>;

interface Graph {
  nodes?: Record<string, { data?: ProjectConfiguration }>;
}

/**
 * The projects of the graph that Nx has made for the command which this process belongs to. Read from its file, which takes no time beside
 * loading Nx; where there is no such file, Nx is loaded and asked. Empty where neither can tell.
 */
export function cachedProjects(root: string, env: NodeJS.ProcessEnv): Projects {
  return projectsOf(readGraph(join(dataFolder(root, env), 'project-graph.json')) ?? askNx(root));
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
    const { readCachedProjectGraph } = createRequire(join(root, 'package.json'))('@nx/devkit') as {
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
