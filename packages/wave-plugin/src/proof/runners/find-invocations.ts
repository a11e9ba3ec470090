import { parseJson } from '../../core/parse-json';
import type { FindTestInvocations, Invocation, NxTarget, ProofTree, TestInvocation } from '../contracts';
import { nxTargetsOf, runsItself } from './nx-targets';
import { scriptCallOf, type ScriptCall } from './package-scripts';
import { inFolder } from './paths';
import { splitScript } from './split-script';
import { plainProgram, seeThrough } from './wrappers';

/** How deep scripts may call scripts: a circle ends here. */
const maxDepth = 8;

interface Search {
  tree: ProofTree;
  /** Every program that was reached, whether it tests or not. */
  found: Invocation[];
  /** Executors of Nx of which nobody here can say what they start. */
  closed: string[];
  depth: number;
}

/** Every program that a command starts in the end, whether it tests or not; empty where that cannot be said. */
export async function findInvocations(words: readonly string[], tree: ProofTree): Promise<Invocation[]> {
  return (await searchFrom(words, tree)).found;
}

/** Executors of Nx that a command runs and of which nobody here can say what they start: `@acme/tools:check`. */
export async function findClosedExecutors(words: readonly string[], tree: ProofTree): Promise<string[]> {
  return [...new Set((await searchFrom(words, tree)).closed)];
}

async function searchFrom(words: readonly string[], tree: ProofTree): Promise<Search> {
  const whole: Search = { tree, found: [], closed: [], depth: 0 };
  await follow({ words, env: {}, cwd: '' }, whole);
  return whole;
}

/** See `FindTestInvocations`. */
export const findTestInvocations: FindTestInvocations = async (words, tree, runners) => {
  const found = await findInvocations(words, tree);
  const seen = new Set<string>();
  return found.flatMap((invocation) => {
    const key = JSON.stringify(invocation);
    const runner = runners.find((one) => one.recognises(invocation));
    if (runner === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ runner, invocation } satisfies TestInvocation];
  });
};

/** Takes one command to the programs that it starts in the end. */
async function follow(start: Invocation, search: Search): Promise<void> {
  if (search.depth > maxDepth) return;
  const deeper = { ...search, depth: search.depth + 1 };
  const bare = seeThrough(start);
  if (bare === null) return;
  if ('script' in bare) return followScript(bare.script, bare, deeper);
  const nx = nxTargetsOf(bare.words);
  if (nx !== null) {
    for (const { project, target } of nx)
      await followTarget(await search.tree.target(project, target), bare, deeper);
    return;
  }
  const call = scriptCallOf(bare);
  if (call === null) {
    search.found.push(plainProgram(bare));
    return;
  }
  if (!(await followCall(call, bare, deeper)) && call.orProgram)
    await follow({ ...bare, words: [...call.names, ...call.args] }, deeper);
}

/** The scripts of a package that one call runs, those before and after included. False where there is none of the name. */
async function followCall(call: ScriptCall, from: Invocation, search: Search): Promise<boolean> {
  const folder = await packageFolder(call, search.tree);
  if (folder === null) return false;
  const scripts = await scriptsOf(folder, search.tree);
  let any = false;
  for (const name of call.names) {
    if (scripts[name] === undefined) continue;
    any = true;
    for (const one of [`pre${name}`, name, `post${name}`]) {
      const text = scripts[one];
      if (text === undefined) continue;
      // Arguments join the last command of the script itself.
      const whole =
        one === name && call.args.length > 0 ? `${text} ${call.args.map(quoted).join(' ')}` : text;
      await followScript(whole, { ...from, cwd: folder }, search);
    }
  }
  return any;
}

/** Where packages of a workspace usually stand: one is found by its name only there. */
const packageFolders = ['packages', 'libs', 'apps', 'modules'];

/** The folder of the package that a call is about, or null where it was not found. */
async function packageFolder({ folder, member }: ScriptCall, tree: ProofTree): Promise<string | null> {
  if (member === undefined) return folder;
  const own = member.slice(member.lastIndexOf('/') + 1);
  for (const path of [member, ...packageFolders.map((one) => `${one}/${own}`)]) {
    const place = inFolder(folder, path);
    const named = parseJson(await tree.read(inFolder(place, 'package.json'))) as
      { name?: unknown } | undefined;
    if (named !== undefined && (path === member || named.name === member)) return place;
  }
  return null;
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

async function scriptsOf(folder: string, tree: ProofTree): Promise<Record<string, string>> {
  const parsed = parseJson(await tree.read(inFolder(folder, 'package.json'))) as
    { scripts?: unknown } | null | undefined;
  const { scripts } = parsed ?? {};
  if (typeof scripts !== 'object' || scripts === null) return {};
  const texts = Object.entries(scripts).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** Every command of a line for a shell; `cd` moves those after it. */
async function followScript(text: string, from: Omit<Invocation, 'words'>, search: Search): Promise<void> {
  let { cwd } = from;
  for (const words of splitScript(text) ?? []) {
    if (words[0] === 'cd' && words.length === 2) {
      cwd = inFolder(cwd, words[1] ?? '');
      continue;
    }
    await follow({ words, env: from.env, cwd }, search);
  }
}

async function followTarget(target: NxTarget | null, from: Invocation, search: Search): Promise<void> {
  if (target === null) return;
  const { options, projectRoot } = target;
  const env = { ...from.env, ...stringsOf(options['env']) };
  const folder =
    typeof options['cwd'] === 'string' ? options['cwd'].replace('{projectRoot}', projectRoot) : '';
  const own = runsItself(target);
  if (own !== null) {
    search.found.push({ words: own, env, cwd: '' });
    return;
  }
  const texts = commandsOf(options);
  if (
    typeof options['script'] !== 'string' &&
    texts.length === 0 &&
    target.executor !== null &&
    target.executor !== 'nx:noop'
  )
    search.closed.push(target.executor);
  if (typeof options['script'] === 'string')
    await followCall(
      { names: [options['script']], args: [], folder: projectRoot, orProgram: false },
      { words: [], env, cwd: projectRoot },
      search,
    );
  for (const text of texts) await followScript(text, { env, cwd: inFolder('', folder) }, search);
}

function commandsOf({ command, commands }: NxTarget['options']): string[] {
  const one = typeof command === 'string' ? [command] : Array.isArray(command) ? [command.join(' ')] : [];
  const many = Array.isArray(commands) ? commands : [];
  const texts = many.map((entry: unknown) =>
    typeof entry === 'string' ? entry : (entry as { command?: unknown } | null)?.command,
  );
  return [...one, ...texts].filter((text): text is string => typeof text === 'string');
}

function stringsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry) => typeof entry[1] === 'string'));
}
