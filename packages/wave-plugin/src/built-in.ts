import { type WaveConfig, type WaveDefinition } from '@nx-wave/schemas';
import { type Checked, type Failure } from '@nx-wave/schemas/plain';
import { vocabularies } from './adapters/vocabularies';
import { type ExecutorVocabulary, type ResolvedWave, type RoleRule, type WaveIdentity } from './core/model';
import { parseWave as parseWaveText } from './core/parse/parse-wave';
import { readConfig, type ConfigReading } from './core/resolve/read-config';
import { looseIdentity, waveIdentity } from './core/resolve/identity';
import {
  crossFailures,
  resolveWave as resolveWaveWith,
  type Registries,
  type ResolveOptions,
  type WavePlace,
} from './core/resolve/resolve-wave';
import { type ValidationInput } from './core/validate/facts';
import { validateWave as validateWaveWith } from './core/validate/validate-wave';
import { roles } from './roles/registry';

/** What may be given to `parseWave`; every member has a default. */
export interface WaveContext {
  config?: WaveConfig;
  identity?: WaveIdentity;
  roles?: readonly RoleRule[];
  executors?: readonly ExecutorVocabulary[];
  /** Levels of the component matrix; the built-in nine where absent, any word where null. */
  levels?: readonly string[] | null;
}

/**
 * Reads a wave file with the built-in roles and executors, the rules across agents included. All problems at once;
 * warnings and notes come with the value.
 */
export function parseWave(
  file: { path: string; text: string },
  context: WaveContext = {},
): Checked<WaveDefinition> {
  const parsed = parseWaveText(file, {
    executors: context.executors ?? vocabularies,
    ...(context.levels === undefined ? {} : { levels: context.levels }),
  });
  if (!parsed.ok) return parsed;
  const config = context.config ?? {};
  const identity =
    context.identity ??
    waveIdentity(file.path, config) ??
    looseIdentity(file.path, parsed.value.wave, config);
  const failures = crossFailures(
    parsed.value,
    { identity, config },
    { roles: context.roles ?? roles, text: file.text },
  );
  return failures.some(({ severity }) => severity === 'error')
    ? { ok: false, failures: [...parsed.warnings, ...failures] }
    : { ...parsed, warnings: [...parsed.warnings, ...failures] };
}

/**
 * The text of a wave file alone, with the built-in executors: for whoever resolves the wave next, because resolving keeps
 * the rules across agents as well.
 */
export function parseWaveFile(
  file: { path: string; text: string },
  { levels, executors = vocabularies }: Pick<WaveContext, 'levels' | 'executors'> = {},
): Checked<WaveDefinition> {
  return parseWaveText(file, { executors, ...(levels === undefined ? {} : { levels }) });
}

/** `wave.config.json` with the options of the built-in executors, or of those that are given. */
export function readWaveConfig(
  text: string | null,
  executors: readonly ExecutorVocabulary[] = vocabularies,
): ConfigReading {
  return readConfig(text, { executors });
}

/** `resolveWave` with the built-in roles and executors. */
export function resolveWave(
  definition: WaveDefinition,
  place: WavePlace,
  options: ResolveOptions & Partial<Registries> = {},
): Checked<ResolvedWave> {
  return resolveWaveWith(definition, place, { roles, executors: vocabularies, ...options });
}

/** Every problem of a wave in its workspace, beyond its own text; for `plan` and `lint-waves`. */
export function validateWave(input: ValidationInput): Failure[] {
  return validateWaveWith(input, { roles, executors: vocabularies });
}
