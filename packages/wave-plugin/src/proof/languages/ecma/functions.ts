import { type SourceFile } from '../../contracts';
import { shapeOf } from './shape';
import { isTelling, textsOfErrors } from './telling';
import { childrenOf, isNode, type Node, type Parse } from './tree';

/** A function that has a name of its own, or stands at the top of its file. Callbacks inside belong to it. */
export interface FunctionUnit {
  node: Node;
  name: string;
  line: number;
  /** What it means, without the named functions inside it, which are units of their own, and without what only tells a person. */
  shape: string;
}

const functionTypes = new Set([
  ...['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'],
  ...['ObjectMethod', 'ClassMethod', 'ClassPrivateMethod'],
]);

export function isFunction({ type }: Node): boolean {
  return functionTypes.has(type);
}

/** Every unit of a program, in the order of the text. */
export function functionsOf(program: Node): FunctionUnit[] {
  const named = new Map<Node, string>();
  visit(program, { given: null, owner: '', inside: false }, named);
  const told = textsOfErrors(program);
  return [...named]
    .map(([node, name]) => ({
      node,
      name,
      line: node.loc.start.line,
      shape: shapeOf({ ...node, id: null, key: null, computed: null }, (inner) => {
        if (isTelling(inner)) return 'absent';
        return (inner !== node && named.has(inner)) || told.has(inner) ? 'apart' : 'whole';
      }),
    }))
    .sort((a, b) => a.node.start - b.node.start);
}

interface Surroundings {
  /** The name that a function gets here: of its variable, key or assignment. */
  given: string | null;
  /** Class around it. */
  owner: string;
  /** Inside a function that is a unit. */
  inside: boolean;
}

function visit(node: Node, at: Surroundings, named: Map<Node, string>): void {
  const around = isFunction(node) ? insideFunction(node, at, named) : surroundingsIn(node, at);
  for (const { child } of childrenOf(node)) visit(child, around, named);
}

/** Notes a function that is a unit, and says what that means for what stands inside it. */
function insideFunction(node: Node, at: Surroundings, named: Map<Node, string>): Surroundings {
  const name = nameOf(node, at);
  if (name !== null) named.set(node, name);
  return { ...at, given: null, inside: at.inside || name !== null };
}

function nameOf(node: Node, { given, owner, inside }: Surroundings): string | null {
  const own = textOf(node['id']) ?? (node['key'] === undefined ? null : textOf(node['key']));
  if (own !== null) return owner !== '' && node['key'] !== undefined ? `${owner}.${own}` : own;
  if (given !== null) return given;
  return inside ? null : 'anonymous';
}

/** What a node around a function calls it. A call in between (`memo(() => …)`) passes the name on. */
function surroundingsIn(node: Node, at: Surroundings): Surroundings {
  switch (node.type) {
    case 'VariableDeclarator':
      return { ...at, given: textOf(node['id']) };
    case 'AssignmentExpression':
      return { ...at, given: textOf(node['left']) };
    case 'ObjectProperty':
      return { ...at, given: textOf(node['key']) };
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      return { ...at, given: [at.owner, textOf(node['key'])].filter(Boolean).join('.') };
    case 'ClassDeclaration':
    case 'ClassExpression':
      return { ...at, given: null, owner: textOf(node['id']) ?? at.given ?? 'class' };
    case 'ExportDefaultDeclaration':
      return { ...at, given: 'default' };
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      // Its callbacks are the variable only where nothing runs them for another end.
      return at.inside ? { ...at, given: null } : at;
    default:
      return /Statement$|^Program$/.test(node.type) ? { ...at, given: null } : at;
  }
}

function textOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Identifier') return String(node['name']);
  if (node.type === 'PrivateName') return `#${textOf(node['id']) ?? ''}`;
  if (/^(String|Numeric)Literal$/.test(node.type)) return String(node['value']);
  if (node.type !== 'MemberExpression') return null;
  const [object, property] = [textOf(node['object']), textOf(node['property'])];
  if (node['computed'] === true || property === null) return null;
  return object === null || /^(module\.)?exports$/.test(object) ? property : `${object}.${property}`;
}

/** What of a file is not in the base: units and parts, each as often as the base has it taken away. */
export function withoutThoseBefore<T extends { shape: string }>(
  now: readonly T[],
  before: readonly T[],
): T[] {
  const left = new Map<string, number>();
  for (const { shape } of before) left.set(shape, (left.get(shape) ?? 0) + 1);
  return now.filter(({ shape }) => {
    const count = left.get(shape) ?? 0;
    left.set(shape, count - 1);
    return count <= 0;
  });
}

/** Programs of the base that can be read. */
export function programsBefore({ before }: Pick<SourceFile, 'before'>, parse: Parse): Node[] {
  return before.map((text) => parse(text)).filter((program) => program !== null);
}

/** The functions of a program that the base does not have with the same meaning. */
export function changedFunctions(program: Node, before: readonly Node[]): FunctionUnit[] {
  return withoutThoseBefore(functionsOf(program), before.flatMap(functionsOf));
}
