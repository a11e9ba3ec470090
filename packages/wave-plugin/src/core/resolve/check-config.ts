import {
  failure,
  isGroup,
  pathName,
  type ConfigFields,
  type ConfigKey,
  type ConfigKind,
  type ConfigObject,
  type Failure,
  type ScalarKind,
} from '@nx-wave/schemas/plain';
import { oneOf, quote } from '../parse/diagnostics';
import { nearest } from '../parse/nearest';
import { type ExecutorVocabulary } from '../model';
import { readPath } from '../parse/paths';
import { isId } from '../parse/words';
import { readVariable } from '../variables';
import { checkOption, optionKey, optionName } from './executor-options';

/** The name of the configuration at the workspace root. */
export const configFile = 'wave.config.json';

/** What a look at a configuration brings up, in the order of the file. */
export interface ConfigFindings {
  /** Keys that no entry of the table has, with the one that was meant. */
  unknown: string[];
  /** Keys of the earlier system that do nothing here, and why that is told. */
  ignored: { key: string; because: string }[];
  failures: { failure: Failure; at: readonly string[] }[];
}

/** Where in the document a value stands, and where findings go. */
interface Spot {
  at: readonly string[];
  findings: ConfigFindings;
  executors: readonly ExecutorVocabulary[];
}

/**
 * Copies what fits the keys of a table, and of the agent programs that are given; reports what does not. Unknown keys are
 * kept.
 */
export function checkConfig(
  value: object,
  keys: ConfigObject,
  executors: readonly ExecutorVocabulary[] = [],
): { config: object; findings: ConfigFindings } {
  const findings: ConfigFindings = { unknown: [], ignored: [], failures: [] };
  const spot = { at: [], findings, executors };
  return { config: checkObject(value as Record<string, unknown>, keys, spot), findings };
}

function checkObject(
  value: Record<string, unknown>,
  { fields, sections }: ConfigObject,
  spot: Spot,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') continue;
    const inner = below(spot, name);
    const key = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (key === undefined) {
      if (sections === undefined) reportUnknown(inner, Object.keys(fields));
      copy[name] = sections === undefined ? member : checkSection(member, sections, inner);
      continue;
    }
    const checked = checkKey(member, key, inner);
    if (checked !== undefined) copy[name] = checked;
  }
  return copy;
}

/** Of the section of an agent program what every program has, then what its adapter knows. */
function checkSection(value: unknown, fields: ConfigFields, spot: Spot): unknown {
  const { executors, at } = spot;
  const name = at[at.length - 1] as string;
  const vocabulary = executors.find(({ executorId }) => executorId === name);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return vocabulary === undefined || value === null ? value : wrong(value, 'must be an object', spot);
  const members = value as Record<string, unknown>;
  if (vocabulary !== undefined) return checkOptions(members, { vocabulary, fields }, spot);
  const programs = executors.map(({ executorId }) => executorId);
  if (programs.length > 0) reportUnknown(spot, programs);
  // Of a program that nobody knows nothing is judged but what every program has.
  return checkObject(members, { fields, sections: {} }, { ...spot, executors: [] });
}

function checkOptions(
  members: Record<string, unknown>,
  { vocabulary: { keys }, fields }: { vocabulary: ExecutorVocabulary; fields: ConfigFields },
  spot: Spot,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(members)) {
    if (name === '__proto__') continue;
    const inner = below(spot, name);
    const shared = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const key = optionKey(name);
    const own = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (shared === undefined && own === undefined)
      reportUnknown(inner, [...Object.keys(fields), ...Object.keys(keys).map(optionName)]);
    const checked = shared === undefined ? member : checkKey(member, shared, inner);
    const rule =
      own === undefined || checked === undefined || checked === null ? null : checkOption(checked, own);
    if (rule !== null) wrong(member, rule, inner);
    else if (checked !== undefined) copy[name] = checked;
  }
  return copy;
}

function checkKey(value: unknown, key: ConfigKey, spot: Spot): unknown {
  if (isGroup(key)) return check(value, key, spot);
  if (typeof key.ignored === 'object')
    spot.findings.ignored.push({ key: spot.at.join('.'), because: key.ignored.because });
  return check(value, key.kind, spot);
}

function check(value: unknown, kind: ConfigKind, spot: Spot): unknown {
  if (typeof kind === 'string') return checkScalar(value, kind, spot);
  if ('orNull' in kind) return value === null ? null : check(value, kind.orNull, spot);
  if ('words' in kind) {
    if (typeof value === 'string' && kind.words.includes(value)) return value;
    return wrong(value, `must be ${oneOf(kind.words.map((word) => `"${word}"`))}`, spot);
  }
  if ('list' in kind) {
    if (!Array.isArray(value)) return wrong(value, 'must be a list', spot);
    return value
      .map((item, index) => check(item, kind.list, below(spot, String(index))))
      .filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong(value, 'must be an object', spot);
  const members = value as Record<string, unknown>;
  return 'fields' in kind ? checkObject(members, kind, spot) : checkRecord(members, kind, spot);
}

function checkRecord(
  value: Record<string, unknown>,
  { byName, asPath }: Extract<ConfigKind, { byName: unknown }>,
  spot: Spot,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') continue;
    const inner = below(spot, name);
    if (asPath && !pathName.test(name))
      wrong(name, 'must have a name of letters, digits, `.`, `_` and `-`', inner);
    else copy[name] = check(member, byName, inner);
  }
  return copy;
}

const scalars: Record<ScalarKind, { rule: string; fits: (value: unknown) => boolean }> = {
  any: { rule: '', fits: () => true },
  text: { rule: 'must be a text', fits: (value) => typeof value === 'string' },
  boolean: { rule: 'must be true or false', fits: (value) => typeof value === 'boolean' },
  whole: { rule: 'must be a whole number from 0 on', fits: (value) => isWhole(value, 0) },
  count: { rule: 'must be a whole number from 1 on', fits: (value) => isWhole(value, 1) },
  amount: { rule: 'must be a number greater than 0', fits: (value) => isNumber(value) && value > 0 },
  'amount-or-none': { rule: 'must be a number from 0 on', fits: (value) => isNumber(value) && value >= 0 },
  id: {
    rule: 'must be an id of small letters, digits, `.`, `_` and `-`',
    fits: (value) => typeof value === 'string' && isId(value),
  },
  path: { rule: 'must be a path', fits: (value) => typeof value === 'string' },
  variable: {
    rule: 'must be the name of a variable or NAME=value, and none that the runner itself sets',
    fits: (value) => typeof value === 'string' && readVariable(value) !== null,
  },
};

function checkScalar(value: unknown, kind: ScalarKind, spot: Spot): unknown {
  const { rule, fits } = scalars[kind];
  if (!fits(value)) return wrong(value, rule, spot);
  return kind === 'path' ? checkPath(value as string, spot) : value;
}

function checkPath(value: string, spot: Spot): string | undefined {
  if (value === '.' || value === './') return '.';
  const reading = readPath(value);
  if (!reading.ok) return wrong(value, reading.why, spot);
  return reading.path.endsWith('/') ? reading.path.slice(0, -1) : reading.path;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown, from: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= from;
}

function below({ at, ...spot }: Spot, name: string): Spot {
  return { ...spot, at: [...at, name] };
}

function reportUnknown(spot: Spot, known: readonly string[]): void {
  const { at, findings } = spot;
  const name = at[at.length - 1] as string;
  if (at[at.length - 2] === 'roles' && /^(evaluator|.*Evaluator)/.test(name)) {
    wrong(name, `is an old name: write "${name.replace(/^evaluator/, 'contEval')}"`, spot);
    return;
  }
  const meant = nearest(name, known);
  findings.unknown.push(at.join('.') + (meant === null ? '' : ` (did you mean ${meant}?)`));
}

function wrong(value: unknown, rule: string, { at, findings }: Spot): undefined {
  const key = at.join('.');
  const shown = JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
  findings.failures.push({
    at,
    failure: failure(
      'config-invalid-value',
      `${quote(key)} in ${configFile} ${rule}; it is ${quote(shown)}.`,
      { place: { path: configFile }, next: `Correct \`${key}\`.`, facts: { key, keyPath: [...at] } },
    ),
  });
  return undefined;
}
