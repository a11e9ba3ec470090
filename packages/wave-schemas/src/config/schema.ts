import * as z from 'zod';
import { lazily } from '../lazily';
import {
  describeDefault,
  describeKey,
  isGroup,
  pathName,
  type ConfigFields,
  type ConfigKey,
  type ConfigKind,
  type ConfigObject,
  type ConfigValueKey,
  type ScalarKind,
} from './key';
import { configKeys, scopeKeys, type ConfigScope, type WaveConfig } from './keys';

/**
 * The zod schema of a table of keys. Every key is optional and has its description and its default; unknown keys are
 * kept. A table that stands in several places is one definition of the JSON Schema.
 */
export function configSchemaOf(fields: ConfigFields): z.ZodType {
  return objectOf({ fields }, new Map());
}

type Made = Map<ConfigKey, z.ZodType>;

function objectOf({ fields, sections }: ConfigObject, made: Made): z.ZodType {
  const object = z.object(
    Object.fromEntries(Object.entries(fields).map(([name, key]) => [name, keyOf(key, made)])),
  );
  return sections === undefined ? object.loose() : object.catchall(sectionOf(sections));
}

/** Options of an executor: editors show those that all have, and nothing is refused, for adapters own their values. */
function sectionOf(sections: ConfigFields): z.ZodType {
  const shown = Object.entries(sections).flatMap(([name, key]) =>
    isGroup(key) ? [] : [[name, { ...key, kind: 'any' }] as const],
  );
  return z
    .union([configSchemaOf(Object.fromEntries(shown)), z.unknown()])
    .meta({ description: 'Options of the executor of this name.' });
}

function keyOf(key: ConfigKey, made: Made): z.ZodType {
  const known = made.get(key);
  if (known) return known;
  const schema = isGroup(key) ? objectOf(key, made).optional() : valueOf(key.kind, made).optional();
  // Not `.meta()`: it returns a copy, and every key would be a definition of its own beside it.
  schema.register(z.globalRegistry, isGroup(key) ? { description: key.about } : metaOf(key));
  made.set(key, schema);
  return schema;
}

/** What an editor shows beside a key. */
function metaOf(key: ConfigValueKey): Record<string, unknown> {
  const description = describeKey(key);
  if (key.ignored !== undefined) return { description, deprecated: true };
  return 'value' in key.default
    ? { description, default: key.default.value }
    : { description: `${description} Default: ${describeDefault(key)}.` };
}

function valueOf(kind: ConfigKind, made: Made): z.ZodType {
  if (typeof kind === 'string') return scalars[kind]();
  if ('words' in kind) return z.enum(kind.words);
  if ('list' in kind) return z.array(valueOf(kind.list, made));
  if ('orNull' in kind) return valueOf(kind.orNull, made).nullable();
  if ('fields' in kind) return objectOf(kind, made);
  return z.record(kind.asPath ? z.string().regex(pathName) : z.string(), valueOf(kind.byName, made));
}

const scalars: Record<ScalarKind, () => z.ZodType> = {
  text: () => z.string(),
  id: () => z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  path: () => z.string(),
  variable: () => z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*(=.*)?$/),
  boolean: () => z.boolean(),
  whole: () => z.int().nonnegative(),
  count: () => z.int().positive(),
  amount: () => z.number().positive(),
  'amount-or-none': () => z.number().nonnegative(),
  any: () => z.unknown(),
};

/** The keys that root, project and lane share. */
export const configScopeSchema = lazily(() => configSchemaOf(scopeKeys) as z.ZodType<ConfigScope>);

/** `wave.config.json`. Unknown keys are kept and reported once; they never stop a wave. */
export const waveConfigSchema = lazily(() => configSchemaOf(configKeys) as z.ZodType<WaveConfig>);
