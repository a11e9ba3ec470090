import { failure, type Failure, type FailureCode, type JsonValue } from '@nx-wave/schemas/plain';
import { type WaveConfig } from '@nx-wave/schemas';
import { excerptOf, oneOf, quote } from '../parse/diagnostics';
import { locateJson, rangeAt } from '../parse/json-position';
import { nearest } from '../parse/nearest';
import { readPath } from '../parse/paths';
import { isId } from '../parse/words';
import { configShape, type Shape } from './config-shape';

/** The name of the configuration at the workspace root. */
export const configFile = 'wave.config.json';

/** `failures` are why no target of any wave may run; `config` is then what could be read. */
export interface ConfigReading {
  config: WaveConfig;
  warnings: Failure[];
  failures: Failure[];
}

/**
 * Reads `wave.config.json` without a schema library. Null (no such file) is the default configuration. Keys that
 * nothing reads are one warning; a value of the wrong type is a failure, because what it steers would run on a default.
 */
export function readConfig(text: string | null): ConfigReading {
  const reading: ConfigReading = { config: {}, warnings: [], failures: [] };
  if (text === null) return reading;
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { errorAt } = locateJson(text, []);
    const failure = configFailure('config-unreadable', parsed.why, 'Correct the JSON.');
    reading.failures.push(atSpan(failure, text, { from: errorAt ?? 0, to: (errorAt ?? 0) + 1 }));
    return reading;
  }
  const findings: Findings = { unknown: [], failures: [] };
  const config = check(parsed.value, configShape, [], findings);
  reading.config = (config ?? {}) as WaveConfig;
  if (findings.unknown.length > 0) reading.warnings.push(unknownKeys(findings.unknown));
  reading.warnings.push(...compatibilityWarnings(reading.config));
  reading.failures.push(...located(findings.failures, text));
  return reading;
}

/** Beyond this many a configuration is something else: the rest is named by key alone. */
const mostLocated = 50;

/** Gives each failure its place in the text, once there is one: a good configuration is never read a second time. */
function located(found: Findings['failures'], text: string): Failure[] {
  if (found.length === 0) return [];
  const { spans } = locateJson(
    text,
    found.slice(0, mostLocated).map(({ at }) => at),
  );
  return found.map(({ failure }, index) => atSpan(failure, text, spans[index] ?? null));
}

function atSpan(failure: Failure, text: string, span: { from: number; to: number } | null): Failure {
  if (span === null) return failure;
  const range = rangeAt(text, span);
  const line = text.split(/\r?\n/)[range.start.line - 1] ?? '';
  return { ...failure, place: { ...failure.place, range }, excerpt: excerptOf(line, range) };
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(clean);
  } catch (error) {
    return {
      ok: false,
      why: `${configFile} is not valid JSON: ${error instanceof Error ? error.message : ''}`,
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, why: `${configFile} must hold one JSON object.` };
  return { ok: true, value };
}

interface Findings {
  unknown: string[];
  failures: { failure: Failure; at: readonly string[] }[];
}

/** Copies what fits the shape; reports what does not. Unknown keys are kept. */
function check(value: unknown, shape: Shape, at: readonly string[], findings: Findings): unknown {
  if (typeof shape === 'object') {
    if ('nullable' in shape) return value === null ? null : check(value, shape.nullable, at, findings);
    if ('enum' in shape) {
      if (typeof value === 'string' && shape.enum.includes(value)) return value;
      return wrong(at, value, `must be ${oneOf(shape.enum.map((word) => `"${word}"`))}`, findings);
    }
    if ('list' in shape) {
      if (!Array.isArray(value)) return wrong(at, value, 'must be a list', findings);
      return value
        .map((item, index) => check(item, shape.list, [...at, String(index)], findings))
        .filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrong(at, value, 'must be an object', findings);
    return checkObject(value as Record<string, unknown>, shape, at, findings);
  }
  return checkScalar(value, shape, at, findings);
}

function checkObject(
  value: Record<string, unknown>,
  shape: Extract<Shape, { record: Shape } | { fields: unknown }>,
  at: readonly string[],
  findings: Findings,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') continue;
    const path = [...at, key];
    if ('record' in shape) {
      if (isScopeName(at) && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(key)) {
        wrong(path, key, 'must have a name of letters, digits, `.`, `_` and `-`', findings);
        continue;
      }
      copy[key] = check(member, shape.record, path, findings);
    } else if (Object.hasOwn(shape.fields, key)) {
      const checked = check(member, shape.fields[key] as Shape, path, findings);
      if (checked !== undefined) copy[key] = checked;
    } else {
      copy[key] = member;
      if (!shape.open) reportUnknown(path, shape.fields, findings);
    }
  }
  return copy;
}

/** Names of lanes and projects become parts of paths and of Nx project names. */
function isScopeName(at: readonly string[]): boolean {
  const last = at[at.length - 1];
  return last === 'lanes' || last === 'projects';
}

function reportUnknown(
  path: readonly string[],
  fields: Readonly<Record<string, Shape>>,
  findings: Findings,
): void {
  const key = path[path.length - 1] as string;
  if (path[path.length - 2] === 'roles' && /^(evaluator|.*Evaluator)/.test(key)) {
    const meant = key.replace(/^evaluator/, 'contEval');
    wrong(path, key, `is an old name: write "${meant}"`, findings);
    return;
  }
  const meant = nearest(key, Object.keys(fields));
  findings.unknown.push(path.join('.') + (meant === null ? '' : ` (did you mean ${meant}?)`));
}

function checkScalar(
  value: unknown,
  shape: Extract<Shape, string>,
  at: readonly string[],
  findings: Findings,
): unknown {
  switch (shape) {
    case 'any':
      return value;
    case 'string':
      return typeof value === 'string' ? value : wrong(at, value, 'must be a text', findings);
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(at, value, 'must be true or false', findings);
    case 'threshold':
      return isWhole(value, 0) ? value : wrong(at, value, 'must be a whole number from 0 on', findings);
    case 'positive':
      return isWhole(value, 1) ? value : wrong(at, value, 'must be a whole number from 1 on', findings);
    case 'amount':
      return typeof value === 'number' && Number.isFinite(value) && value > 0
        ? value
        : wrong(at, value, 'must be a number greater than 0', findings);
    case 'amount-or-none':
      return typeof value === 'number' && Number.isFinite(value) && value >= 0
        ? value
        : wrong(at, value, 'must be a number from 0 on', findings);
    case 'id':
      return typeof value === 'string' && isId(value)
        ? value
        : wrong(at, value, 'must be an id of small letters, digits, `.`, `_` and `-`', findings);
    case 'path':
      return checkConfigPath(value, at, findings);
  }
}

function checkConfigPath(value: unknown, at: readonly string[], findings: Findings): unknown {
  if (typeof value !== 'string') return wrong(at, value, 'must be a path', findings);
  if (value === '.' || value === './') return '.';
  const reading = readPath(value);
  if (!reading.ok) return wrong(at, value, reading.why, findings);
  return reading.path.endsWith('/') ? reading.path.slice(0, -1) : reading.path;
}

function isWhole(value: unknown, from: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= from;
}

function wrong(at: readonly string[], value: unknown, rule: string, findings: Findings): undefined {
  const key = at.join('.');
  const shown = JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
  findings.failures.push({
    at,
    failure: configFailure(
      'config-invalid-value',
      `${quote(key)} in ${configFile} ${rule}; it is ${quote(shown)}.`,
      `Correct \`${key}\`.`,
      { key, keyPath: [...at] },
    ),
  });
  return undefined;
}

function unknownKeys(keys: string[]): Failure {
  const shown = keys.slice(0, 20).map((key) => quote(key));
  const more = keys.length > 20 ? ` and ${keys.length - 20} more` : '';
  return {
    ...configFailure(
      'config-unknown-key',
      `Nothing reads ${shown.join(', ')}${more} in ${configFile}.`,
      'Remove the keys, or correct their names.',
      { keys },
    ),
    severity: 'warning',
  };
}

/** Keys of the earlier system that are read and have no effect here. */
function compatibilityWarnings(config: WaveConfig): Failure[] {
  const validation = config.validation ?? {};
  const without = ['autoClosure', 'closureModeThresholds', 'bootstrapPassConditions'].filter(
    (key) => key in validation,
  );
  if (without.length === 0) return [];
  return [
    {
      ...configFailure(
        'config-without-effect',
        `${without.map((key) => quote(`validation.${key}`)).join(', ')} ${without.length === 1 ? 'has' : 'have'} no effect: no wave closes without its gates.`,
        'Remove the keys. `validation.gateModeThresholds` makes gates advisory in early waves.',
        { keys: without },
      ),
      severity: 'warning',
    },
  ];
}

function configFailure(
  code: FailureCode,
  message: string,
  next: string,
  facts?: Record<string, JsonValue>,
): Failure {
  return failure(code, message, { place: { path: configFile }, next, ...(facts ? { facts } : {}) });
}
