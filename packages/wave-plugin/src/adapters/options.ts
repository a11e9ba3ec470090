import { type OptionValue } from '@nx-wave/schemas';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { describeCommandLineProblem, splitCommandLine } from '../core/command-line';
import { type ResolvedAgent, type ResolvedWave } from '../core/model';

/** The options of one executor for one agent, read by kind; a value of another kind counts as absent. */
export interface Options {
  text(key: string): string | null;
  number(key: string): number | null;
  flag(key: string): boolean | null;
  list(key: string): string[];
  object(key: string): Record<string, unknown> | null;
}

export function optionsOf(agent: ResolvedAgent, executorId: string): Options {
  const values: Record<string, OptionValue> = agent.executor.options[executorId] ?? {};
  return {
    text: (key) => (typeof values[key] === 'string' && values[key] !== '' ? values[key] : null),
    number: (key) => (typeof values[key] === 'number' ? values[key] : null),
    flag: (key) => (typeof values[key] === 'boolean' ? values[key] : null),
    list: (key) => (Array.isArray(values[key]) ? values[key] : []),
    object: (key) => (isObject(values[key]) ? values[key] : null),
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The configured command of a program in words: `codex`, or `npx codex`. */
export function commandWords(
  agent: ResolvedAgent,
  wave: ResolvedWave,
  executorId: string,
): Result<{ command: string; args: string[] }> {
  const shared = wave.settings.executors[executorId]?.command;
  const text =
    optionsOf(agent, executorId).text('command') ?? (typeof shared === 'string' ? shared : executorId);
  const line = splitCommandLine(text);
  if (!line.ok) {
    return err(
      optionInvalid({ agent, wave, key: `${executorId}.command` }, describeCommandLineProblem(line)),
    );
  }
  const [command = executorId, ...args] = line.words;
  return ok({ command, args });
}

/** The program of a configured command, for a look at PATH. */
export function programOf(executorId: string, configuredCommand: string | null): string {
  const line = splitCommandLine(configuredCommand ?? executorId);
  return line.ok ? (line.words[0] ?? executorId) : executorId;
}

/** One option of one agent, named as under `### Executor`: `codex.images`. */
export interface AgentOption {
  agent: ResolvedAgent;
  wave: ResolvedWave;
  key: string;
}

/** Every path of a list as an absolute path inside the checkout. */
export function insideCheckout(
  option: AgentOption,
  paths: readonly string[],
  checkoutDir: string,
): Result<string[]> {
  const resolved: string[] = [];
  for (const path of paths) {
    const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
    if (path.startsWith('/') || path.includes('\\') || path.includes('\0') || segments.includes('..')) {
      return err(optionInvalid(option, `"${path}" is not a path inside the workspace`));
    }
    resolved.push([checkoutDir, ...segments].join('/'));
  }
  return ok(resolved);
}

/** The host of an address, as a cage lets it be called: with its port where it names one or is on this machine. */
export function callOf(address: string): string[] {
  const [, scheme, hostname = '', port = ''] =
    /^(https?):\/\/(?:[^/?#@\s]*@)?(\[[0-9a-f:.]+\]|[^/?#@:\s[\]]+)(?::(\d+))?(?:[/?#]|$)/i.exec(address) ??
    [];
  if (scheme === undefined) return [];
  const named = port !== '' ? port : scheme.toLowerCase() === 'http' ? '80' : '443';
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return [isLocal || port !== '' ? `${hostname}:${named}` : hostname];
}

/** A value that a program would take for one of its own flags. */
export function flagLike(option: AgentOption, values: readonly string[]): Failure | null {
  const found = values.find((value) => value.startsWith('-'));
  return found === undefined ? null : optionInvalid(option, `"${found}" begins with a dash`);
}

export function optionInvalid({ agent, wave, key }: AgentOption, why: string): Failure {
  const at = { line: agent.line, column: 1 };
  return failure(
    'option-invalid',
    `${key} of agent ${agent.agentId} of ${wave.identity.project} cannot be used: ${why}.`,
    {
      place: {
        wave: wave.identity.project,
        agentId: agent.agentId,
        path: wave.identity.path,
        range: { start: at, end: at },
      },
      next: `Correct "${key}" under "### Executor" of agent ${agent.agentId} in ${wave.identity.path}, or in wave.config.json.`,
    },
  );
}

/** Objects are merged key by key, the later one wins; anything else is replaced. */
export function mergeDeep(
  base: Record<string, unknown>,
  over: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? mergeDeep(before, value) : value;
  }
  return merged;
}

/** Variables that the user has not set: theirs win. */
export function unlessSet(
  env: Readonly<Record<string, string>>,
  defaults: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => !(name in env)));
}
