/** About packages/wave-schemas/src/config/keys.ts: one entry of the table is all that a configuration key needs. */
import {
  configKeys,
  configSchemaOf,
  describeDefault,
  fillDefaults,
  isGroup,
  waveConfigSchema,
  type ConfigFields,
  type ConfigOf,
  type ConfigValueKey,
} from '@nx-wave/schemas';
import { z } from 'zod';
import { readConfig } from '../../packages/wave-plugin/src/core/resolve/read-config';
import { configPage } from './render-config';

const folders = { docsDir: 'docs', rolePromptDir: 'docs/agents' };

const napMinutes = {
  about: 'Pause between two agents, in minutes.',
  kind: 'count',
  default: { value: 2 },
} as const;
const withNaps = {
  ...configKeys,
  limits: { ...configKeys.limits, fields: { ...configKeys.limits.fields, napMinutes } },
} as const satisfies ConfigFields;

type Json = Record<string, unknown>;

/** The part of a JSON Schema for a key. */
function schemaAt(schema: Json, path: readonly string[]): Json {
  return path.reduce((node, name) => {
    const inner = resolved(schema, node);
    const members = (inner['properties'] ?? {}) as Json;
    return (members[name] ?? inner['additionalProperties'] ?? {}) as Json;
  }, schema);
}

/** What stands beside a reference counts with what it refers to. */
function resolved(schema: Json, node: Json): Json {
  const ref = node['$ref'];
  if (typeof ref !== 'string') return node;
  const target = ref
    .split('/')
    .slice(1)
    .reduce((at, part) => at[part] as Json, schema);
  return { ...resolved(schema, target), ...node };
}

/** Every key that holds a value, in every place of the table. */
function valueKeys(fields: ConfigFields, at: readonly string[] = []): [readonly string[], ConfigValueKey][] {
  return Object.entries(fields).flatMap(([name, key]): [readonly string[], ConfigValueKey][] => {
    const path = [...at, name];
    if (isGroup(key)) return valueKeys(key.fields, path);
    const { kind } = key;
    const members = typeof kind === 'object' && 'byName' in kind ? kind.byName : null;
    const inner =
      members !== null && typeof members === 'object' && 'fields' in members ? members.fields : {};
    return [[path, key], ...valueKeys(inner, [...path, 'x'])];
  });
}

function documentWith(path: readonly string[], value: unknown): Json {
  return path.reduceRight((inner: unknown, name) => ({ [name]: inner }), value) as Json;
}

describe('a key that is one more entry of the table', () => {
  it('is read and checked, with its place', () => {
    expect(readConfig('{"limits":{"napMinutes":3}}').warnings).toMatchObject([
      { code: 'config-unknown-key' },
    ]);
    expect(readConfig('{"limits":{"napMinutes":3}}', { keys: withNaps })).toEqual({
      config: { limits: { napMinutes: 3 } },
      warnings: [],
      failures: [],
    });
    expect(readConfig('{"limits":{"napMinutes":0}}', { keys: withNaps }).failures).toMatchObject([
      {
        code: 'config-invalid-value',
        facts: { key: 'limits.napMinutes' },
        place: { range: { start: { line: 1, column: 25 } } },
      },
    ]);
    expect(readConfig('{"limits":{"napMinute":3}}', { keys: withNaps }).warnings).toMatchObject([
      { facts: { keys: ['limits.napMinute (did you mean napMinutes?)'] } },
    ]);
  });

  it('has a type and a default', () => {
    const written: ConfigOf<typeof withNaps> = { limits: { napMinutes: 7 } };
    const set: number = fillDefaults(withNaps, written, folders).limits.napMinutes;
    const unset: number = fillDefaults(withNaps, {}, folders).limits.napMinutes;
    expect([set, unset]).toEqual([7, 2]);
  });

  it('has a JSON Schema with description and default', () => {
    const schema = configSchemaOf(withNaps);
    expect(schema.safeParse({ limits: { napMinutes: 0 } }).success).toBe(false);
    const json = z.toJSONSchema(schema, { io: 'input', reused: 'ref' }) as Json;
    expect(schemaAt(json, ['limits', 'napMinutes'])).toMatchObject({
      type: 'integer',
      description: napMinutes.about,
      default: 2,
    });
  });

  it('has a line in the reference', () => {
    expect(configPage(withNaps)).toContain(
      `| \`limits.napMinutes\` | whole number from 1 on | \`2\` | ${napMinutes.about} |`,
    );
  });
});

describe('the table of configuration keys', () => {
  const keys = valueKeys(configKeys);
  const json = z.toJSONSchema(waveConfigSchema, { io: 'input', reused: 'ref' }) as Json;

  it('says of every key what it is for and what holds without it', () => {
    const silent = keys.filter(
      ([, key]) => !/^[A-Z].*\.$/.test(key.about) || describeDefault(key).trim() === '',
    );
    expect(silent.map(([path]) => path.join('.'))).toEqual([]);
  });

  it('gives every key its description and its default in the JSON Schema', () => {
    const without = keys.filter(([path, key]) => {
      const schema = resolved(json, schemaAt(json, path));
      const description = String(schema['description']);
      if (!description.startsWith(key.about)) return true;
      if ('value' in key.default)
        return JSON.stringify(schema['default']) !== JSON.stringify(key.default.value);
      return key.ignored === undefined && !description.includes('Default: ');
    });
    expect(without.map(([path]) => path.join('.'))).toEqual([]);
  });

  it('has defaults that its own reader takes', () => {
    const filled = fillDefaults(configKeys, {}, folders);
    expect(readConfig(JSON.stringify(filled))).toEqual({ config: filled, warnings: [], failures: [] });
  });

  it.each([null, true, 0, 1, 1.5, -1, 'x', 'X y', [], ['a'], [1], {}, { a: 1 }, { a: ['b'] }])(
    'is read as its schema says: %j under every key',
    (value) => {
      const otherwise = keys.filter(([path]) => {
        const document = documentWith(path, value);
        const isRead = readConfig(JSON.stringify(document)).failures.length === 0;
        return isRead !== waveConfigSchema.safeParse(document).success;
      });
      expect(otherwise.map(([path]) => path.join('.'))).toEqual([]);
    },
  );
});
