import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { laneCommands } from '../../packages/wave-plugin/src/core/infer/lane-project';
import { waveCommands } from '../../packages/wave-plugin/src/core/infer/wave-commands';
import { executors } from '../../packages/wave-plugin/executors.json';
import { generators } from '../../packages/wave-plugin/generators.json';
import { scripts } from '../../package.json';

const root = resolve(__dirname, '..', '..');
const plugin = join(root, 'packages', 'wave-plugin');

export interface OptionSchema {
  properties: Record<string, { type?: string; enum?: readonly string[] }>;
  required?: readonly string[];
}

/** What there is to run, read from where it is defined. */
export interface World {
  /** Options of a target of a wave (`wave-3`) or a lane (`waves`), by the rules of inference; null where neither has it. */
  targetOf: (project: string, target: string) => OptionSchema | null;
  generators: ReadonlyMap<string, OptionSchema>;
  /** Commands of the installed Nx with the names of their options. */
  nx: ReadonlyMap<string, ReadonlySet<string>>;
  /** Scripts of this repository with the source of their programs. */
  scripts: ReadonlyMap<string, string>;
  exists: (path: string) => boolean;
}

export function readWorld(): World {
  return {
    targetOf,
    generators: new Map(Object.entries(generators).map(([name, door]) => [name, schemaOf(door)])),
    nx: commandsOfNx(),
    scripts: new Map(Object.entries(scripts).map(([name, line]) => [name, sourceOf(line)])),
    exists: (path) => existsSync(join(root, path)),
  };
}

function schemaOf(door: { schema: string }): OptionSchema {
  return JSON.parse(
    readFileSync(join(plugin, door.schema.replace('./dist/', 'src/')), 'utf8'),
  ) as OptionSchema;
}

const ofWave = new Map(
  [...waveCommands.map(({ target }) => target), 'launch', 'prove'].map((name) => [name, name]),
);
const ofLane = new Map(laneCommands.map(({ target, executor }) => [target, executor]));

function targetOf(project: string, target: string): OptionSchema | null {
  const isWave = /^(?:[a-z]+-)*wave-\d+$/.test(project);
  const isLane = /^(?:[a-z]+-)*waves$/.test(project);
  const [, dynamic] = /^(agent|gate)-[a-z]\w*(?:-\w+)*$/.exec(target) ?? [];
  const executor = isWave ? (dynamic ?? ofWave.get(target)) : isLane ? ofLane.get(target) : undefined;
  return executor === undefined ? null : schemaOf(executors[executor as keyof typeof executors]);
}

/** What the command line of the installed Nx knows, asked of itself. */
function commandsOfNx(): Map<string, Set<string>> {
  const ofNx = createRequire(require.resolve('nx/package.json'));
  const yargs = ofNx('yargs') as (args: string[]) => unknown;
  const { commandsObject } = ofNx('nx/src/command-line/nx-commands') as { commandsObject: NxYargs };
  const { handlers, aliasMap } = commandsObject.getInternalMethods().getCommandInstance();
  const names = Object.entries(handlers).map(([name, { builder }]): [string, Set<string>] => {
    const built = (typeof builder === 'function' ? builder(yargs([])) : yargs([])) as
      NxYargs | Promise<NxYargs>;
    // `nx init` and `nx mcp` make theirs later; no page names them.
    if (built instanceof Promise) return [name, new Set()];
    const { key, alias } = built.getOptions();
    const within = Object.keys(built.getInternalMethods().getCommandInstance().handlers);
    return [name, new Set([...Object.keys(key), ...Object.values(alias).flat(), ...within])];
  });
  const known = new Map(names);
  for (const [alias, name] of Object.entries(aliasMap)) known.set(alias, known.get(name) ?? new Set());
  return known;
}

interface NxYargs {
  getInternalMethods: () => {
    getCommandInstance: () => {
      handlers: Record<string, { builder: unknown }>;
      aliasMap: Record<string, string>;
    };
  };
  getOptions: () => { key: Record<string, unknown>; alias: Record<string, string[]> };
}

/** The source of the program of a script; of all in its folder, where it has one of its own. */
function sourceOf(line: string): string {
  const [path] = /tools\/[\w./-]+\.(?:mjs|cjs)/.exec(line) ?? [];
  if (path === undefined) return '';
  const folder = dirname(path);
  const files =
    folder === 'tools' ? [path] : readdirSync(join(root, folder)).map((name) => join(folder, name));
  return files
    .filter((file) => /\.(mjs|cjs|ts)$/.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}
