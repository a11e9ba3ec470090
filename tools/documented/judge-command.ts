import { createRequire } from 'node:module';
import { coerceTypesInOptions, convertToCamelCase, validateOptsAgainstSchema } from 'nx/src/utils/params';
import { readArguments } from '../../packages/wave-plugin/src/bin/read-arguments';
import { readWaivedCode } from '../../packages/wave-plugin/src/gates/waivable';
import { open, shellCommands } from './shell-words';
import type { OptionSchema, World } from './world';

type Judge = (words: string[], world: World) => string[];

// The parser by which Nx reads the options of a target.
const parseOptions = createRequire(require.resolve('nx/package.json'))('yargs-parser') as (
  words: string[],
  how: object,
) => Record<string, unknown>;

/** What is wrong with a documented command: a program, a target, an option or a value that there is not. */
export function judgeCommand(line: string, world: World): string[] {
  const found = shellCommands(line);
  if (!found.ok) return [found.problem];
  return found.commands.flatMap((words) => judgeWords(words, world));
}

function judgeWords(words: string[], world: World): string[] {
  const at = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const variables = at < 0 ? words : words.slice(0, at);
  const wrong = variables
    .map((word) => word.slice(0, word.indexOf('=')))
    .filter((name) => /^(NX_|WAVE_)/.test(name) && !ourVariables.has(name) && !nxVariables.has(name))
    .map((name) => `${name}: a variable that nobody reads`);
  if (at < 0) return wrong;
  const [program = '', ...rest] = withoutRunner(words.slice(at));
  const judge = programs.get(program);
  return [...wrong, ...(judge === undefined ? [`${program}: an unknown program`] : judge(rest, world))];
}

/** `npx`, `pnpm exec` and `yarn` start what stands behind them. */
function withoutRunner(words: string[]): string[] {
  const [first, second] = words;
  if (first === 'npx') return words.slice(1);
  if (first === 'pnpm' && second === 'exec') return words.slice(2);
  return first === 'yarn' && second === 'nx' ? words.slice(1) : words;
}

const ourVariables = new Set(['NX_WAVE_RUN', 'NX_WAVE_MAX_USD', 'NX_WAVE_SIGNING_KEY', 'NX_WAVE_SEED']);
const nxVariables = new Set([
  'NX_SELF_HOSTED_REMOTE_CACHE_SERVER',
  'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN',
  'NX_SKIP_REMOTE_CACHE',
]);

/** One of these words comes first; what follows is up to the program. */
const oneOf =
  (...known: string[]): Judge =>
  ([first = '']) =>
    known.includes(first) || first === open ? [] : [`${first}: no command of the table`];
const anything: Judge = () => [];

/** Every program that a page may tell people to run. Those that are not ours are known by their commands, or by their names alone. */
export const programs: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['nx', judgeNx],
  ['nx-wave', judgeOurs],
  ['npm', judgeNpm],
  ['node', judgeNode],
  ['jest', anything],
  ['git', oneOf(...gitCommands())],
  ['nx-cloud', oneOf('validate', 'start-ci-run', 'start-nx-agents', 'start-workers', 'complete-ci-run')],
  ['gh', oneOf('pr')],
  ['pnpm', oneOf('exec', 'add', 'install')],
  ['yarn', oneOf('add', 'install')],
  ['codex', oneOf('sandbox')],
  ['cd', anything],
  ['cat', anything],
  ['echo', anything],
  ['mkdir', anything],
  ['perl', anything],
  ['rm', anything],
  ['sh', anything],
  ['sha256sum', anything],
  ['ssh-keygen', anything],
]);

function gitCommands(): string[] {
  const everyday = [
    'add',
    'apply',
    'config',
    'grep',
    'init',
    'log',
    'ls-files',
    'push',
    'rev-parse',
    'status',
  ];
  return [...everyday, 'cat-file', 'check-ignore', 'fast-import', 'lfs', 'worktree', '--version'];
}

function judgeNx([command, ...rest]: string[], world: World): string[] {
  // A page that says how programs are started names no command.
  if (command === undefined) return [];
  if (command === 'run') return judgeTarget(rest, world);
  if (command === 'g' || command === 'generate') return judgeGenerator(rest, world);
  const options = world.nx.get(command);
  if (options === undefined) return [`nx ${command}: no command of the installed Nx`];
  const within = command === 'show' && rest[0] !== undefined && !options.has(rest[0]) ? [rest[0]] : [];
  return [...within, ...strange(rest, options)].map((word) => `nx ${command}: ${word} is unknown to it`);
}

function judgeTarget([task = '', ...rest]: string[], world: World): string[] {
  const [project = '', target = ''] = task.split(':');
  const schema = world.targetOf(project.replace(open, '1'), target);
  if (schema === null) return [`${task}: no target of a wave or a lane`];
  return judgeOptions(rest, schema, { ofNx: world.nx.get('run') ?? new Set(), task });
}

function judgeGenerator([name, ...rest]: string[], world: World): string[] {
  if (name === undefined) return [];
  const [collection, generator = ''] = name.split(':');
  const schema = collection === '@nx-wave/plugin' ? world.generators.get(generator) : undefined;
  if (schema === undefined) return [`${name}: no generator`];
  return judgeOptions(rest, schema, { ofNx: world.nx.get('generate') ?? new Set(), task: name });
}

interface About {
  ofNx: ReadonlySet<string>;
  task: string;
}

/** Options as Nx reads them: their names, then types and enumerations by Nx's own rules. What only the reader knows has any value. */
function judgeOptions(words: string[], schema: OptionSchema, { ofNx, task }: About): string[] {
  const unknown = strange(words, new Set([...ofNx, ...Object.keys(schema.properties)]));
  if (unknown.length > 0) return unknown.map((word) => `${task}: ${word} is no option of it`);
  const parsed = parseOptions(words, {
    configuration: { 'camel-case-expansion': false, 'dot-notation': true },
  });
  const given = convertToCamelCase(parsed, schema as never) as Record<string, unknown>;
  const own = Object.entries(given).filter(
    ([name, value]) => name in schema.properties && !String(value).includes(open),
  );
  const { waive } = Object.fromEntries(own);
  if (typeof waive === 'string' && !readWaivedCode(waive, task).ok)
    return [`${task}: --waive=${waive} is nothing that a person can waive`];
  try {
    const plain = { ...schema, required: [] } as never;
    validateOptsAgainstSchema(coerceTypesInOptions(Object.fromEntries(own) as never, plain), plain);
    return [];
  } catch (error) {
    return [`${task}: ${(error as Error).message}`];
  }
}

/** Words that look like options and are none of these. */
function strange(words: readonly string[], known: ReadonlySet<string>): string[] {
  const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const isKnown = (name: string) => name === 'help' || known.has(name) || known.has(camel(name));
  return words.filter((word) => {
    const [, name] = /^--?([A-Za-z][\w-]*)/.exec(word) ?? [];
    return name !== undefined && !isKnown(name) && !isKnown(name.replace(/^no-/, ''));
  });
}

function judgeOurs(words: string[]): string[] {
  try {
    return readArguments(words) === null ? [`nx-wave ${words.join(' ')}: no command of it`] : [];
  } catch (error) {
    return [`nx-wave: ${(error as Error).message}`];
  }
}

const commandsOfNpm = oneOf('install', 'ci', 'start', 'test', 'run');

function judgeNpm(words: string[], world: World): string[] {
  const wrong = commandsOfNpm(words, world);
  const [command = '', ...rest] = words;
  if (wrong.length > 0 || !['start', 'test', 'run'].includes(command)) return wrong;
  const [script = '', ...behind] = command === 'run' ? rest : words;
  const source = world.scripts.get(script);
  if (source === undefined) return [`npm run ${script}: no script`];
  const at = behind.indexOf('--');
  if (at < 0 && behind.length > 0) return [`npm run ${script}: what is for the script stands behind --`];
  return unreadFlags(behind.slice(at + 1), source).map(
    (flag) => `npm run ${script}: ${flag} is read by nobody`,
  );
}

function judgeNode(words: string[], world: World): string[] {
  const path = words.find((word) => /\.[cm]?js$/.test(word));
  const isOurs = path !== undefined && /^(tools|apps)\//.test(path) && !path.startsWith('tools/agents/');
  return isOurs && !world.exists(path) ? [`${path}: no such file`] : [];
}

/** Flags that the source of a program does not name. */
function unreadFlags(words: readonly string[], source: string): string[] {
  return words.filter((word) => {
    const [, flag] = /^--([a-z][\w-]*)/.exec(word) ?? [];
    return flag !== undefined && !new RegExp(`--${flag}\\b|['"\`]${flag}['"\`]|\\b${flag}: \\{`).test(source);
  });
}
