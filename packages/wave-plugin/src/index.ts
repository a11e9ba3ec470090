import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type * as Minimatch from 'minimatch';
import { type CreateNodes, type CreateNodesResult, type CreateNodesResultArray } from '@nx/devkit';
import { parseWaveFile, readWaveConfig, resolveWave } from './built-in';
import {
  inferWorkspace,
  type InferenceOptions,
  type WaveText,
  type WorkspaceFacts,
} from './core/infer/infer-workspace';
import { type InferredProject } from './core/infer/inferred-project';
import { configFile } from './core/resolve/check-config';
import { isUnsafePath } from './core/verify/owned-paths';
import { openGraphCache } from './edges/graph/graph-cache';

/** Options of the `@nx-wave/plugin` entry in nx.json. */
export interface WavePluginOptions {
  /** More folders that hold wave files, workspace-relative. */
  include?: string[];
  /** Put in front of every target name, for workspaces where `launch` or `plan` mean something else. */
  targetPrefix?: string;
}

export const name = '@nx-wave/plugin';

const waveFile = /^wave-\d+\.md$/;
const ledgerFile = /(^|\/)wave-\d+\.ledger\/[^/]+\.json$/;

/**
 * Whether Node finds the program of this very package from the top of the workspace, as the command of a task asks for it: not in a workspace
 * whose packages stand elsewhere (`.nx/installation`), and not where the plugin runs from its sources, which have no program.
 */
function startsCommands(workspaceRoot: string): boolean {
  try {
    const program = createRequire(join(workspaceRoot, 'package.json')).resolve('@nx-wave/plugin/task');
    return program === join(__dirname, 'bin', 'task.js');
  } catch {
    return false;
  }
}

function readEncoded(path: string): WaveText | null {
  try {
    const bytes = readFileSync(path);
    return { bytes, decode: () => bytes.toString('utf8') };
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The version of the workspace's own Nx, which is the one that asks; null where it cannot be told. */
function nxVersion(workspaceRoot: string): string | null {
  for (const from of [join(workspaceRoot, 'package.json'), __filename]) {
    try {
      const { version } = createRequire(from)('nx/package.json') as { version?: unknown };
      if (typeof version === 'string') return version;
    } catch {
      // Nx is not installed there.
    }
  }
  return null;
}

/** Loaded with the first pattern in `targetDefaults`, which few workspaces have; Nx itself matches with it. */
function matches(text: string, pattern: string, options: { dot: boolean } = { dot: false }): boolean {
  const { minimatch } = createRequire(__filename)('minimatch') as typeof Minimatch;
  return minimatch(text, pattern, options);
}

function readFacts(workspaceRoot: string, files: readonly string[], targetDefaults: unknown): WorkspaceFacts {
  const ledgers = new Map<string, string[]>();
  for (const path of files.filter((file) => ledgerFile.test(file))) {
    const text = readOrNull(join(workspaceRoot, path));
    if (text === null) continue;
    const texts = ledgers.get(dirname(path));
    if (texts) texts.push(text);
    else ledgers.set(dirname(path), [text]);
  }
  const waves = files.filter((file) => waveFile.test(basename(file)));
  const folders = new Set<string>();
  for (const folder of new Set(waves.map((file) => dirname(file)))) {
    if (!existsSync(join(workspaceRoot, folder))) continue;
    for (const entry of readdirSync(join(workspaceRoot, folder), { withFileTypes: true })) {
      if (entry.isDirectory()) folders.add(`${folder}/${entry.name}`);
    }
  }
  const { config, failures } = readWaveConfig(readOrNull(join(workspaceRoot, configFile)));
  return {
    config,
    nx: {
      version: nxVersion(workspaceRoot),
      targetDefaults,
      matches,
      startsCommands: startsCommands(workspaceRoot),
    },
    configFailures: failures,
    read: (path) => (isUnsafePath(path) ? null : readOrNull(join(workspaceRoot, path))),
    files: waves.flatMap((path) => {
      const text = readEncoded(join(workspaceRoot, path));
      return text === null ? [] : [{ path, text }];
    }),
    folders,
    ledgers,
  };
}

/** Every wave file becomes an Nx project. The graph path: reads each file once, loads no schema and no markdown library. */
export const createNodes: CreateNodes<WavePluginOptions> = [
  '{**/wave-*.md,**/wave-*.ledger/*.json,**/wave.config.json}',
  (files, options, context): CreateNodesResultArray => {
    const chosen: InferenceOptions = {
      include: options?.include ?? [],
      targetPrefix: options?.targetPrefix ?? '',
    };
    const facts = readFacts(context.workspaceRoot, files, context.nxJsonConfiguration.targetDefaults);
    const cache =
      facts.files.length === 0 ? null : openGraphCache(context.workspaceRoot, chosen, process.env);
    const language = { parse: parseWaveFile, resolve: resolveWave };
    const { projects, lanes } = inferWorkspace(facts, chosen, { language, memory: cache });
    cache?.close();
    return [
      ...projects.map(({ source, project, wave }) => asNode(source, project, { wave })),
      ...lanes.map(({ source, project, lane }) => asNode(source, project, { lane })),
    ];
  },
];

/** A project in Nx's words; `own` is what our executors read back of its metadata. */
function asNode(
  source: string,
  { name: projectName, root, tags, metadata, targets }: InferredProject,
  own: object,
): [string, CreateNodesResult] {
  return [
    source,
    {
      projects: {
        [root]: {
          name: projectName,
          root,
          projectType: 'application',
          tags,
          metadata: { ...metadata, ...own } as object,
          targets: targets as never,
        },
      },
    },
  ];
}
