import { type Budget, type ExecutorSpec, type OptionValue } from '@nx-wave/schemas';
import { type ExecutorVocabulary, type OptionKind } from '../model';
import { parseJson } from '../parse-json';
import { quote, type Diagnostics } from './diagnostics';
import { keySpot, knownPairs, readList, unwrap, valueSpot, type Pair } from './entries';
import { readWord } from './words';

const topKeys = [
  'id',
  'profile',
  'model',
  'fallbacks',
  'tags',
  'retry-policy',
  'allow-fallback-on-retry',
  'budget.turns',
  'budget.minutes',
  'budget.tokens',
  'budget.usd',
] as const;

export const noExecutor: ExecutorSpec = {
  id: null,
  profile: null,
  model: null,
  fallbacks: [],
  tags: [],
  retryPolicy: null,
  allowFallbackOnRetry: null,
  budget: {},
  options: {},
};

/** All keys that an `### Executor` section may hold: the common ones and `<executor>.<key>` of every adapter. */
export function executorKeys(executors: readonly ExecutorVocabulary[]): readonly string[] {
  const known = keysOf.get(executors);
  if (known) return known;
  const keys = [
    ...topKeys,
    ...executors.flatMap(({ executorId, keys }) => Object.keys(keys).map((key) => `${executorId}.${key}`)),
  ];
  keysOf.set(executors, keys);
  return keys;
}

/** Made once per registry, not once per wave file. */
const keysOf = new WeakMap<readonly ExecutorVocabulary[], readonly string[]>();

/** What the reading of one file needs to know of the adapters; `keys` is `executorKeys(executors)`, made once per file. */
export interface ExecutorWords {
  executors: readonly ExecutorVocabulary[];
  keys: readonly string[];
}

/** Reads `### Executor`. */
export function readExecutor(
  pairs: readonly Pair[],
  { executors, keys }: ExecutorWords,
  diagnostics: Diagnostics,
): ExecutorSpec {
  const byKey = knownPairs(pairs, { known: keys, what: 'Executor' }, diagnostics);
  const ids = executors.map(({ executorId }) => executorId);
  const read = <T>(key: string, reader: (pair: Pair) => T | null): T | null => {
    const pair = byKey.get(key);
    return pair ? reader(pair) : null;
  };
  const executorId = (word: string, pair: Pair): string | null =>
    readWord(word, { list: ids, what: 'executor', spot: valueSpot(pair) }, diagnostics);

  const spec: ExecutorSpec = {
    id: read('id', (pair) => executorId(unwrap(pair.value), pair)),
    profile: read('profile', (pair) => unwrap(pair.value).toLowerCase()),
    model: read('model', (pair) => unwrap(pair.value)),
    fallbacks: (
      read('fallbacks', (pair) => readList(pair.value).map((word) => executorId(word, pair))) ?? []
    ).filter((id) => id !== null),
    tags: read('tags', (pair) => readList(pair.value)) ?? [],
    retryPolicy: read('retry-policy', (pair) =>
      readWord(
        unwrap(pair.value),
        { list: ['sticky', 'fallback-allowed'] as const, what: 'retry policy', spot: valueSpot(pair) },
        diagnostics,
      ),
    ),
    allowFallbackOnRetry: read(
      'allow-fallback-on-retry',
      (pair) => readOption('bool', pair, diagnostics) as boolean | null,
    ),
    budget: readBudget(byKey, diagnostics),
    options: readOptions(byKey, executors, diagnostics),
  };
  reportContradictions(spec, { byKey, executors }, diagnostics);
  return spec;
}

function readBudget(byKey: ReadonlyMap<string, Pair>, diagnostics: Diagnostics): Budget {
  const budget: Budget = {};
  for (const name of ['turns', 'minutes', 'tokens', 'usd'] as const) {
    const pair = byKey.get(`budget.${name}`);
    if (!pair) continue;
    const value = name === 'usd' ? readAmount(pair, diagnostics) : readOption('int', pair, diagnostics);
    if (typeof value === 'number') budget[name] = value;
  }
  return budget;
}

function readAmount(pair: Pair, diagnostics: Diagnostics): number | null {
  const text = unwrap(pair.value);
  const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  diagnostics.error('value-not-number', valueSpot(pair), {
    message: `${quote(pair.key)} must be an amount greater than zero, not ${quote(pair.value)}.`,
    next: 'Write a number such as `2.50`.',
  });
  return null;
}

function readOptions(
  byKey: ReadonlyMap<string, Pair>,
  executors: readonly ExecutorVocabulary[],
  diagnostics: Diagnostics,
): ExecutorSpec['options'] {
  const options: ExecutorSpec['options'] = {};
  for (const [key, pair] of byKey) {
    const dot = key.indexOf('.');
    const owner = executors.find(({ executorId }) => executorId === key.slice(0, dot));
    const kind = owner?.keys[key.slice(dot + 1)];
    if (!owner || kind === undefined) continue;
    const value = readOption(kind, pair, diagnostics);
    if (value === null) continue;
    options[owner.executorId] = { ...options[owner.executorId], [key.slice(dot + 1)]: value };
  }
  return options;
}

const yes = ['true', '1', 'yes', 'on'];
const no = ['false', '0', 'no', 'off'];

/** The typed value of one option, or null after reporting why it has none. */
export function readOption(kind: OptionKind, pair: Pair, diagnostics: Diagnostics): OptionValue | null {
  const spot = valueSpot(pair);
  const text = unwrap(pair.value);
  if (typeof kind === 'object')
    return readWord(text, { list: kind.enum, what: `value of \`${pair.key}\``, spot }, diagnostics);
  switch (kind) {
    case 'string':
      return text;
    case 'command':
      return pair.value[0] === '`' ? text : pair.value;
    case 'list':
      return readList(pair.value);
    case 'bool': {
      const word = text.toLowerCase();
      if (yes.includes(word)) return true;
      if (no.includes(word)) return false;
      diagnostics.error('value-not-boolean', spot, {
        message: `${quote(pair.key)} must be \`true\` or \`false\`, not ${quote(pair.value)}.`,
        next: 'Write `true` or `false`.',
      });
      return null;
    }
    case 'int': {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
      if (value > 0) return value;
      diagnostics.error('value-not-integer', spot, {
        message: `${quote(pair.key)} must be a whole number greater than zero, not ${quote(pair.value)}.`,
        next: 'Write a whole number such as `30`.',
      });
      return null;
    }
    case 'json': {
      const value = readJsonObject(text);
      if (value) return value;
      diagnostics.error('value-not-json-object', spot, {
        message: `${quote(pair.key)} must be one JSON object on one line.`,
        next: 'Write it as `{"name": "value"}`.',
      });
      return null;
    }
  }
}

function readJsonObject(text: string): Extract<OptionValue, Record<string, unknown>> | null {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Extract<OptionValue, Record<string, unknown>>)
    : null;
}

/** Keys of another executor beside an explicit `id`, and retry settings that say two things. */
function reportContradictions(
  spec: ExecutorSpec,
  { byKey, executors }: { byKey: ReadonlyMap<string, Pair>; executors: readonly ExecutorVocabulary[] },
  diagnostics: Diagnostics,
): void {
  for (const [key, pair] of byKey) {
    const dot = key.indexOf('.');
    const owner = executors.find(({ executorId }) => executorId === key.slice(0, dot));
    if (spec.id === null || !owner || owner.executorId === spec.id) continue;
    if (owner.allowedBesideOthers?.includes(key.slice(dot + 1))) continue;
    diagnostics.error('executor-foreign-option', keySpot(pair), {
      message: `The agent runs on ${quote(spec.id)}, but ${quote(key)} is an option of ${quote(owner.executorId)}.`,
      next: `Remove the line, or write \`- id: ${owner.executorId}\`.`,
    });
  }
  const allow = byKey.get('allow-fallback-on-retry');
  if (allow && spec.retryPolicy !== null && spec.allowFallbackOnRetry === (spec.retryPolicy === 'sticky'))
    diagnostics.warning('executor-retry-contradiction', valueSpot(allow), {
      message: `\`allow-fallback-on-retry\` says the opposite of \`retry-policy: ${spec.retryPolicy}\`, which counts.`,
      next: 'Keep one of the two lines.',
    });
}
