import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { laneCommands } from '../../packages/wave-plugin/src/core/infer/lane-project';
import { waveCommands } from '../../packages/wave-plugin/src/core/infer/wave-commands';

const folder = join(__dirname, '..', '..', 'packages', 'wave-plugin', 'src', 'executors');

/** One executor: the name of its folder, which is that of its file, and what its `schema.json` says. */
export interface ExecutorFolder {
  name: string;
  schema: { description?: string };
}

/** What the tables say of commands; the executors that Nx meets in the graph describe themselves in their schema. */
interface Described {
  executor: string;
  description: string;
}

const commands: readonly Described[] = [
  ...waveCommands.map(({ target, description }) => ({ executor: target, description })),
  ...laneCommands,
];

/** `executors.json` of the plugin: every folder of an executor, described by the table of its command. */
export function executorsManifest(
  folders: readonly ExecutorFolder[] = readFolders(),
  described: readonly Described[] = commands,
): string {
  const executors = Object.fromEntries(
    folders.map(({ name, schema }) => [
      name,
      {
        implementation: `./dist/executors/${name}/${name}`,
        schema: `./dist/executors/${name}/schema.json`,
        description: descriptionOf(name, schema, described),
      },
    ]),
  );
  return `${JSON.stringify({ executors }, null, 2)}\n`;
}

/** A table that has no folder, and a folder that nothing describes, are mistakes of whoever adds a command. */
function descriptionOf(
  name: string,
  schema: ExecutorFolder['schema'],
  described: readonly Described[],
): string {
  const command = described.find(({ executor }) => executor === name);
  const text = command ? `${command.description}.` : schema.description;
  if (text === undefined)
    throw new Error(`executors/${name} is in no table of commands, and its schema.json has no description`);
  return text;
}

function readFolders(): ExecutorFolder[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const without = commands.find(({ executor }) => !names.includes(executor));
  if (without) throw new Error(`the command ${without.executor} has no folder executors/${without.executor}`);
  return names.map((name) => ({
    name,
    schema: JSON.parse(readFileSync(join(folder, name, 'schema.json'), 'utf8')) as ExecutorFolder['schema'],
  }));
}
