import { envelopeRoles, payloadSchemas, resultEnvelopeSchema } from '@nx-wave/schemas';
import * as z from 'zod';
import { isObject } from './options';
import { strictSchema } from './strict-schema';

const envelopeSchema = z.toJSONSchema(resultEnvelopeSchema, { unrepresentable: 'any' });

/** What services refuse in a strict schema, with the path to it. */
function faults(schema: unknown, path: string): string[] {
  if (!isObject(schema)) return [`${path}: no schema`];
  const allowed = [
    'type',
    'enum',
    'const',
    'description',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'anyOf',
  ];
  const unknown = Object.keys(schema).filter((key) => !allowed.includes(key));
  const found = unknown.map((key) => `${path}: ${key}`);
  if (Array.isArray(schema.anyOf)) {
    return [...found, ...schema.anyOf.flatMap((option, index) => faults(option, `${path}|${index}`))];
  }
  if (schema.type === 'array') return [...found, ...faults(schema.items, `${path}[]`)];
  if (schema.type !== 'object') return found;
  const properties = schema.properties as Record<string, unknown>;
  if (schema.additionalProperties !== false) found.push(`${path}: open`);
  if (JSON.stringify(schema.required) !== JSON.stringify(Object.keys(properties)))
    found.push(`${path}: optional`);
  return [
    ...found,
    ...Object.entries(properties).flatMap(([name, inner]) => faults(inner, `${path}.${name}`)),
  ];
}

describe('strictSchema', () => {
  it.each(envelopeRoles)('narrows the envelope of %s to what every service accepts', (role) => {
    const schema = strictSchema(envelopeSchema, role);
    expect(schema).toMatchObject({ type: 'object' });
    expect(faults(schema, role)).toEqual([]);
    expect(Object.keys(schema?.properties as object)).toEqual(
      expect.arrayContaining(['schemaVersion', 'agentId', 'role', 'proof', role]),
    );
  });

  it('asks for the payload of its own role only, and for nothing that the runner knows better', () => {
    const names = Object.keys(strictSchema(envelopeSchema, 'security')?.properties as object);
    const foreign = Object.keys(payloadSchemas).filter((role) => role !== 'security');
    expect(names.filter((name) => foreign.includes(name))).toEqual([]);
    expect(names).not.toEqual(expect.arrayContaining(['completedAt']));
  });

  it.each([null, 7, {}, { oneOf: [] }, { oneOf: [{ type: 'object' }] }])('gives up on %j', (schema) => {
    expect(strictSchema(schema, 'design')).toBeNull();
  });
});
