type Json = Record<string, unknown>;

export interface Field {
  name: string;
  type: string;
  required: boolean;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of a JSON Schema as rows: nested objects by dotted names, lists with `[]`, choices joined. */
export function fieldsOf(schema: Json): Field[] {
  const rows = new Map<string, Field>();
  collect(schema, { root: schema, prefix: '', required: true, depth: 0 }, rows);
  return [...rows.values()];
}

/** Where in a schema a part of it stands. */
interface Spot {
  /** The whole schema, for its definitions. */
  root: Json;
  prefix: string;
  required: boolean;
  depth: number;
}

function collect(node: Json, spot: Spot, rows: Map<string, Field>): void {
  const { root, prefix, required, depth } = spot;
  const shape = resolve(root, node);
  const variants = [...list(shape['oneOf']), ...list(shape['anyOf'])].map((variant) =>
    resolve(root, variant),
  );
  const objects = variants.filter((variant) => isObject(variant['properties']));
  if (objects.length > 0) {
    const variantRows = objects.map((variant) => {
      const own = new Map<string, Field>();
      collect(variant, spot, own);
      return own;
    });
    mergeVariants(variantRows, rows);
    return;
  }
  const properties = isObject(shape['properties']) ? shape['properties'] : {};
  const asked = list(shape['required']) as unknown as string[];
  for (const [name, member] of Object.entries(properties)) {
    if (!isObject(member) || isNever(resolve(root, member))) continue;
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const must = required && asked.includes(name);
    rows.set(path, { name: path, type: typeOf(root, member), required: must });
    if (depth >= 4) continue;
    const inner = itemOf(root, member);
    if (inner)
      collect(inner.schema, { root, prefix: path + inner.suffix, required: must, depth: depth + 1 }, rows);
  }
}

/** A field is required where every variant requires it. */
function mergeVariants(variants: readonly Map<string, Field>[], rows: Map<string, Field>): void {
  for (const name of new Set(variants.flatMap((variant) => [...variant.keys()]))) {
    const fields = variants.flatMap((variant) => variant.get(name) ?? []);
    rows.set(name, {
      name,
      type: [...new Set(fields.map(({ type }) => type))].join(' or '),
      required: fields.length === variants.length && fields.every(({ required }) => required),
    });
  }
}

/** The object inside a field: itself, the items of a list, or the members of a record; JSON values nest for ever. */
function itemOf(root: Json, node: Json, depth = 0): { schema: Json; suffix: string } | null {
  if (depth > 3) return null;
  const shape = resolve(root, node);
  if (isObject(shape['properties'])) return { schema: shape, suffix: '' };
  const items = shape['items'];
  if (isObject(items)) {
    const inner = itemOf(root, items, depth + 1);
    return inner && { schema: inner.schema, suffix: `[]${inner.suffix}` };
  }
  const members = shape['additionalProperties'];
  if (isObject(members) && Object.keys(members).length > 0) {
    const inner = itemOf(root, members, depth + 1);
    return inner && { schema: inner.schema, suffix: `.<name>${inner.suffix}` };
  }
  const choice = [...list(shape['anyOf']), ...list(shape['oneOf'])].find((variant) =>
    itemOf(root, variant, depth + 1),
  );
  return choice ? itemOf(root, choice, depth + 1) : null;
}

function typeOf(root: Json, node: Json): string {
  const shape = resolve(root, node);
  if ('const' in shape) return code(JSON.stringify(shape['const']));
  if (Array.isArray(shape['enum'])) {
    const words = shape['enum'].map((word) => code(String(word)));
    return words.length > 24 ? 'one of a list of words' : words.join(', ');
  }
  const choices = [...list(shape['anyOf']), ...list(shape['oneOf'])];
  if (choices.length > 0) return [...new Set(choices.map((choice) => typeOf(root, choice)))].join(' or ');
  if (Array.isArray(shape['type']))
    return shape['type'].map((type) => typeOf(root, { ...shape, type })).join(' or ');
  switch (shape['type']) {
    case 'array':
      return isObject(shape['items']) ? `list of ${typeOf(root, shape['items'])}` : 'list';
    case 'string':
      return shape['format'] === 'date-time' ? 'time (ISO 8601, UTC)' : 'text';
    case 'null':
      return 'null';
    case 'integer':
      return 'whole number';
    case 'object':
      return isObject(shape['properties']) ? 'object' : 'object by name';
    default:
      return typeof shape['type'] === 'string' ? shape['type'] : 'any JSON';
  }
}

function code(word: string): string {
  return `\`${word}\``;
}

function isNever(shape: Json): boolean {
  return isObject(shape['not']) && Object.keys(shape['not']).length === 0;
}

function resolve(root: Json, node: Json): Json {
  const ref = node['$ref'];
  if (typeof ref !== 'string') return node;
  let target: unknown = root;
  for (const part of ref.split('/').slice(1)) target = isObject(target) ? target[part] : undefined;
  return isObject(target) ? resolve(root, target) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
