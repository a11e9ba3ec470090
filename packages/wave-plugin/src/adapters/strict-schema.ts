import { isObject } from './options';

type Schema = Record<string, unknown>;

const kept = ['type', 'enum', 'const', 'description'] as const;
/** Filled in by the runner: an agent that guesses them only wastes words. */
const runnerFields = new Set([
  'waveNumber',
  'attempt',
  'completedAt',
  'exitCode',
  'deliverables',
  'proofArtifacts',
  'facts',
  'records',
]);

/**
 * The envelope of one role in the narrow form that services accept for a strictly structured answer: an object at the
 * top, every property required, none besides, no open maps. Null where the schema cannot be narrowed to that.
 */
export function strictSchema(envelopeSchema: unknown, role: string): Schema | null {
  const variant = findVariant(envelopeSchema, role);
  if (variant === null) return null;
  const properties = Object.entries(variant.properties as Record<string, unknown>).filter(
    ([name]) => !runnerFields.has(name),
  );
  return narrow({ ...variant, properties: Object.fromEntries(properties) });
}

function findVariant(schema: unknown, role: string): Schema | null {
  if (!isObject(schema)) return null;
  const options = [schema.oneOf, schema.anyOf].find(Array.isArray) ?? [schema];
  const found = options.find((option) => {
    const constant = isObject(option) && isObject(option.properties) ? option.properties.role : null;
    return isObject(constant) && constant.const === role;
  });
  return isObject(found) ? found : null;
}

function narrow(schema: unknown): Schema | null {
  if (!isObject(schema)) return null;
  const options = [schema.oneOf, schema.anyOf].find(Array.isArray);
  if (options !== undefined) {
    const narrowed = options.map(narrow).filter((option) => option !== null);
    return narrowed.length === 0 ? null : { anyOf: narrowed };
  }
  if (schema.type === 'object') return narrowObject(schema);
  if (schema.type === 'array') {
    const items = narrow(schema.items);
    return items === null ? null : { type: 'array', items };
  }
  const plain = Object.fromEntries(kept.filter((key) => key in schema).map((key) => [key, schema[key]]));
  return 'type' in plain || 'enum' in plain || 'const' in plain ? plain : null;
}

/** Properties of no fixed shape are left out: they are optional in the envelope, or the whole object is given up. */
function narrowObject(schema: Schema): Schema | null {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties: Record<string, Schema> = {};
  for (const [name, value] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    const inner = isForbidden(value) ? null : narrow(value);
    if (inner !== null) properties[name] = required.includes(name) ? inner : nullable(inner);
    else if (required.includes(name)) return null;
  }
  const names = Object.keys(properties);
  return names.length === 0
    ? null
    : { type: 'object', properties, required: names, additionalProperties: false };
}

/** `{ not: {} }` stands for the payloads of other roles. */
function isForbidden(value: unknown): boolean {
  return isObject(value) && 'not' in value;
}

function nullable(schema: Schema): Schema {
  const isNullable =
    schema.type === 'null' ||
    (Array.isArray(schema.anyOf) && schema.anyOf.some((one) => isObject(one) && one.type === 'null'));
  if (isNullable) return schema;
  return Array.isArray(schema.anyOf)
    ? { anyOf: [...schema.anyOf, { type: 'null' }] }
    : { anyOf: [schema, { type: 'null' }] };
}
