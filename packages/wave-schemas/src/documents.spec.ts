import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import fc from 'fast-check';
import * as z from 'zod';
import { documents, jsonSchemaOf, type DocumentKind, type DocumentName } from './documents';
import { agentEnvelopeSchema, envelopeRoles, readAgentEnvelope, upcast, type EnvelopeRole } from './index';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = Record<string, unknown>;

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Documents that fit a JSON Schema: made from the published file, so that the file itself is put to the test. */
function arbitraryOf(root: Schema, node: Schema, depth = 0): fc.Arbitrary<Json> {
  const ref = node['$ref'];
  if (typeof ref === 'string') return referred(root, ref, depth);
  if ('const' in node) return fc.constant(node['const'] as Json);
  if (Array.isArray(node['enum'])) return fc.constantFrom(...(node['enum'] as Json[]));
  const choices = (node['anyOf'] ?? node['oneOf']) as Schema[] | undefined;
  if (choices)
    return fc.oneof(
      ...(depth > 6 ? choices.slice(0, 1) : choices).map((one) => arbitraryOf(root, one, depth + 1)),
    );
  if (Array.isArray(node['type']))
    return fc.oneof(...node['type'].map((type) => arbitraryOf(root, { ...node, type }, depth + 1)));
  switch (node['type']) {
    case 'string':
      return textOf(node);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
      return fc.integer({ min: Number(node['minimum'] ?? node['exclusiveMinimum'] ?? -5) + 1, max: 50 });
    case 'number':
      return fc.integer({ min: 1, max: 50 });
    case 'array':
      return fc.array(arbitraryOf(root, (node['items'] ?? {}) as Schema, depth + 1), {
        minLength: Number(node['minItems'] ?? 0),
        maxLength: depth > 4 ? Number(node['minItems'] ?? 0) : 2,
      });
    case 'object':
      return objectOf(root, node, depth);
    default:
      return fc.constantFrom<Json>(null, 1, 'text', [], {});
  }
}

/** Each definition is made once; one that holds itself (any JSON) ends in a plain text. */
const made = new WeakMap<Schema, fc.Arbitrary<Json>>();

function referred(root: Schema, ref: string, depth: number): fc.Arbitrary<Json> {
  const parts = ref.split('/').slice(1);
  const target = parts.reduce<unknown>((at, part) => (at as Schema)[part], root) as Schema;
  const known = made.get(target);
  if (known) return known;
  made.set(target, fc.constant('text'));
  const arbitrary = arbitraryOf(root, target, depth + 1);
  made.set(target, arbitrary);
  return arbitrary;
}

function objectOf(root: Schema, node: Schema, depth: number): fc.Arbitrary<Json> {
  const properties = (node['properties'] ?? {}) as Record<string, Schema>;
  const required = (node['required'] ?? []) as string[];
  const possible = Object.entries(properties).filter(
    ([name, member]) => !('not' in member) && (required.includes(name) || depth < 5),
  );
  const fixed = fc.record(
    Object.fromEntries(possible.map(([name, member]) => [name, arbitraryOf(root, member, depth + 1)])),
    { requiredKeys: required },
  );
  const members = node['additionalProperties'];
  const names = isObject(node['propertyNames'])
    ? textOf(node['propertyNames'] as Schema)
    : fc.constant('name');
  if (!isObject(members) || possible.length > 0) return fixed as fc.Arbitrary<Json>;
  return fc.dictionary(names, arbitraryOf(root, members as Schema, depth + 1), {
    maxKeys: 2,
  }) as fc.Arbitrary<Json>;
}

function textOf(node: Schema): fc.Arbitrary<string> {
  if (node['format'] === 'date-time') return fc.constant('2030-01-02T03:04:05.678Z');
  return textMatching(typeof node['pattern'] === 'string' ? node['pattern'] : '^[a-z][a-z0-9 ./-]{0,9}$');
}

/** Each pattern once: to make its texts is slow, and the documents have few patterns. */
const texts = new Map<string, fc.Arbitrary<string>>();

function textMatching(pattern: string): fc.Arbitrary<string> {
  const known = texts.get(pattern) ?? fc.stringMatching(new RegExp(pattern, 'u'));
  texts.set(pattern, known);
  return known;
}

/** One change somewhere in a document: a value of another type, a field removed, or a field added. */
function broken(document: Json): fc.Arbitrary<Json> {
  const paths = pathsOf(document, []);
  return fc
    .tuple(
      fc.constantFrom(...paths),
      fc.constantFrom<Json | undefined>(undefined, null, -1, 0.5, '', 'nonsense', true, [], {}, [1], {
        a: 1,
      }),
    )
    .map(([path, value]) => changed(document, path, value));
}

function pathsOf(value: Json, at: (string | number)[]): (string | number)[][] {
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => pathsOf(item, [...at, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...at, key]))
      : [];
  return [at, ...(isObject(value) ? [[...at, 'unheardOf']] : []), ...inner];
}

function changed(value: Json, path: (string | number)[], to: Json | undefined): Json {
  const [first, ...rest] = path;
  if (first === undefined) return to ?? null;
  if (Array.isArray(value))
    return value.map((item, index) => (index === first ? changed(item, rest, to) : item));
  if (!isObject(value)) return value;
  if (rest.length === 0 && !Object.hasOwn(value, first) && to !== undefined) return { ...value, [first]: to };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== first || rest.length > 0 || to !== undefined)
      .map(([key, member]) => [key, key === first ? changed(member, rest, to) : member]),
  );
}

const ajv = new Ajv({ strict: true, validateFormats: false, allowUnionTypes: true });
const validators = new Map<DocumentName, ValidateFunction>();

function fits(name: DocumentName, value: Json): boolean {
  const validate = validators.get(name) ?? ajv.compile(jsonSchemaOf(name));
  validators.set(name, validate);
  return validate(value);
}

const names = Object.keys(documents) as DocumentName[];

describe.each(names)('the document %s', (name) => {
  const kind: DocumentKind = documents[name];
  const schema = jsonSchemaOf(name);
  const arbitrary = arbitraryOf(schema, schema);

  it('is judged alike by zod and by its JSON Schema, good or broken', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        arbitrary.chain((document) => fc.tuple(fc.constant(document), broken(document))),
        ([document, mutant]) => {
          for (const value of [document, mutant])
            expect(kind.schema.safeParse(value).success).toBe(fits(name, value));
          accepted += kind.schema.safeParse(document).success ? 1 : 0;
        },
      ),
      { numRuns: 20 },
    );
    expect(accepted).toBeGreaterThan(10);
  });

  it('is left as it is by the door for older shapes, which throws at nothing', () => {
    fc.assert(
      fc.property(
        arbitrary.chain((document) => fc.tuple(fc.constant(document), broken(document))),
        fc.jsonValue(),
        ([document, mutant], anything) => {
          const parsed = kind.schema.safeParse(document);
          if (parsed.success) {
            const lifted = upcast(name, document);
            expect(kind.schema.safeParse(lifted).success).toBe(true);
            if (name !== 'result-envelope') expect(lifted).toEqual(document);
          }
          for (const value of [mutant, anything]) upcast(name, value);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('survives a round trip through JSON with its unknown fields', () => {
    fc.assert(
      fc.property(arbitrary, (document) => {
        const parsed = kind.schema.safeParse(document);
        if (parsed.success) expect(JSON.parse(JSON.stringify(parsed.data))).toEqual(document);
      }),
      { numRuns: 5 },
    );
  });
});

describe('the JSON Schemas', () => {
  it('have ids of their own', () => {
    const ids = names.map((name) => jsonSchemaOf(name)['$id']);
    expect(new Set(ids).size).toBe(names.length);
  });

  it.each(envelopeRoles)(
    'that an agent of role %s is shown accept nothing that its reader refuses',
    (role: EnvelopeRole) => {
      const shown = z.toJSONSchema(agentEnvelopeSchema(role), { io: 'input' }) as Schema;
      const identity = { agentId: 'A1', waveNumber: 3, attempt: 1, envelopeRole: role };
      fc.assert(
        fc.property(arbitraryOf(shown, shown), (given) => {
          const reading = readAgentEnvelope({ ...(given as object), agentId: 'A1' }, identity);
          if (!reading.ok) throw new Error(JSON.stringify(reading.failures));
        }),
        { numRuns: 8 },
      );
    },
  );
});
