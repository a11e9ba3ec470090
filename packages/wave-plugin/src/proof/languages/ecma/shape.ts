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

/** How a node stands in a shape: as it is, as one that is told apart, or not at all. */
export type Standing = 'whole' | 'apart' | 'absent';

/**
 * What a piece of a program means, as a text: equal for pieces that differ in comments, format, quotes, parentheses and types
 * only, and in nodes that are told apart from it or count for nothing.
 */
export function shapeOf(node: unknown, standing: (node: Node) => Standing = () => 'whole'): string {
  if (Array.isArray(node)) {
    const there = node.filter((one) => !isNode(one) || standing(one) !== 'absent');
    return `[${there.map((one) => shapeOf(one, standing)).join(',')}]`;
  }
  if (!isNode(node)) return JSON.stringify(node ?? null);
  const inner = wrappers[node.type];
  if (inner !== undefined) return shapeOf(node[inner], standing);
  if (isTypeOnly(node)) return '';
  if (standing(node) !== 'whole') return '…';
  const fields = Object.entries(node)
    .filter(([field, value]) => field !== 'type' && !silent.has(field) && value !== undefined)
    .filter(([field]) => field !== 'optional' || node.type.startsWith('Optional'))
    .map(([field, value]) => `${field}:${shapeOf(value, standing)}`);
  return `${node.type}{${fields.join(' ')}}`;
}
