import { isNode, type Node } from './tree';

/** Fields that say where a node stands, or what its type is: neither changes what it does. */
const silent = new Set([
  ...['start', 'end', 'loc', 'extra', 'range', 'innerComments', 'leadingComments', 'trailingComments'],
  ...['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments', 'superTypeParameters'],
  ...['superTypeArguments', 'implements', 'predicate', 'accessibility', 'declare', 'abstract', 'readonly'],
  ...['override', 'definite', 'importKind', 'exportKind', 'variance'],
]);

/** Wrappers of a type checker around an expression. */
const wrappers: Readonly<Record<string, string>> = {
  TSAsExpression: 'expression',
  TSSatisfiesExpression: 'expression',
  TSNonNullExpression: 'expression',
  TSTypeAssertion: 'expression',
  TSInstantiationExpression: 'expression',
  TypeCastExpression: 'expression',
  TSParameterProperty: 'parameter',
};

const typesWithBehaviour = new Set(['TSEnumDeclaration', 'TSEnumMember', 'TSExportAssignment', 'TSEnumBody']);

function isTypeOnly({ type }: Node): boolean {
  return (
    (type.startsWith('TS') && !typesWithBehaviour.has(type)) || /Type(Annotation|Alias)?$|^Declare/.test(type)
  );
}

/**
 * What a piece of a program means, as a text: equal for pieces that differ in comments, format, quotes, parentheses and types
 * only. `skip` stands for nodes that are told apart from it.
 */
export function shapeOf(node: unknown, skip: (node: Node) => boolean = () => false): string {
  if (Array.isArray(node)) return `[${node.map((one) => shapeOf(one, skip)).join(',')}]`;
  if (!isNode(node)) return JSON.stringify(node ?? null);
  const inner = wrappers[node.type];
  if (inner !== undefined) return shapeOf(node[inner], skip);
  if (isTypeOnly(node)) return '';
  if (skip(node)) return '…';
  const fields = Object.entries(node)
    .filter(([field, value]) => field !== 'type' && !silent.has(field) && value !== undefined)
    .filter(([field]) => field !== 'optional' || node.type.startsWith('Optional'))
    .map(([field, value]) => `${field}:${shapeOf(value, skip)}`);
  return `${node.type}{${fields.join(' ')}}`;
}
