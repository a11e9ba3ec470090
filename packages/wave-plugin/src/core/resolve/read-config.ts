import {
  configKeys,
  failure,
  type ConfigFields,
  type Failure,
  type FailureCode,
  type WaveConfig,
} from '@nx-wave/schemas/plain';
import { type ExecutorVocabulary } from '../model';
import { deepestJson, holdsInfinity, nestsTooDeep } from '../parse-json';
import { excerptOf, quote } from '../parse/diagnostics';
import { locateJson, rangeAt } from '../parse/json-position';
import { checkConfig, configFile, type ConfigFindings } from './check-config';

/** `failures` are why no target of any wave may run; `config` is then what could be read. */
export interface ConfigReading {
  config: WaveConfig;
  warnings: Failure[];
  failures: Failure[];
}

export interface ConfigLanguage {
  keys?: ConfigFields;
  /** The agent programs that there are; where absent their options are nobody's to judge. */
  executors?: readonly ExecutorVocabulary[];
}

/**
 * Reads `wave.config.json` by the table of its keys, without a schema library. Null (no such file) is the default
 * configuration. Keys that nothing reads are one warning; a value of the wrong type is a failure, because what it steers
 * would run on a default.
 */
export function readConfig(
  text: string | null,
  { keys = configKeys, executors = [] }: ConfigLanguage = {},
): ConfigReading {
  const reading: ConfigReading = { config: {}, warnings: [], failures: [] };
  if (text === null) return reading;
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { errorAt } = locateJson(text, []);
    const unreadable = failure('config-unreadable', parsed.why, {
      place: { path: configFile },
      next: 'Correct the JSON.',
    });
    reading.failures.push(atSpan(unreadable, text, { from: errorAt ?? 0, to: (errorAt ?? 0) + 1 }));
    return reading;
  }
  const { config, findings } = checkConfig(parsed.value, { fields: keys }, executors);
  reading.config = config as WaveConfig;
  if (findings.unknown.length > 0) reading.warnings.push(unknownKeys(findings.unknown));
  reading.warnings.push(...withoutEffect(findings.ignored));
  reading.failures.push(...located(findings.failures, text));
  return reading;
}

/** Beyond this many a configuration is something else: the rest is named by key alone. */
const mostLocated = 50;

/** Gives each failure its place in the text, once there is one: a good configuration is never read a second time. */
function located(found: ConfigFindings['failures'], text: string): Failure[] {
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

function parseJson(text: string): { ok: true; value: object } | { ok: false; why: string } {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let value: unknown;
  if (nestsTooDeep(clean))
    return { ok: false, why: `${configFile} nests deeper than ${deepestJson} levels.` };
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
  if (holdsInfinity(value)) return { ok: false, why: `${configFile} holds a number past all numbers.` };
  return { ok: true, value };
}

function unknownKeys(keys: string[]): Failure {
  const shown = keys.slice(0, 20).map((key) => quote(key));
  const more = keys.length > 20 ? ` and ${keys.length - 20} more` : '';
  return configWarning('config-unknown-key', keys, {
    message: `Nothing reads ${shown.join(', ')}${more} in ${configFile}.`,
    next: 'Remove the keys, or correct their names.',
  });
}

/** Keys of the earlier system that are read and have no effect here: one warning for each reason. */
function withoutEffect(ignored: ConfigFindings['ignored']): Failure[] {
  const reasons = [...new Set(ignored.map(({ because }) => because))];
  return reasons.map((reason) => {
    const keys = ignored.filter(({ because }) => because === reason).map(({ key }) => key);
    return configWarning('config-without-effect', keys, {
      message: `${keys.map((key) => quote(key)).join(', ')} ${keys.length === 1 ? 'has' : 'have'} no effect: ${reason}.`,
      next: 'Remove the keys. `validation.gateModeThresholds` makes gates advisory in early waves.',
    });
  });
}

function configWarning(
  code: FailureCode,
  keys: string[],
  { message, next }: { message: string; next: string },
): Failure {
  return {
    ...failure(code, message, { place: { path: configFile }, next, facts: { keys } }),
    severity: 'warning',
  };
}
