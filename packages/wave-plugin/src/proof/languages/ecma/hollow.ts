import { type FunctionPlace, type HollowFile, type SourceFile } from '../../contracts';
import { type Dialect } from './dialect';
import { changedFunctions, isFunction, programsBefore, type FunctionUnit } from './functions';
import { hollowReExports } from './re-exports';
import { applyEdits, childrenOf, isNode, type Edit, type Node, type Parse } from './tree';

/**
 * True whenever it runs, and nothing that a compiler or linter could see through: what follows stays reachable, so no
 * import, parameter or type becomes unused or another.
 */
const always = '[].length === 0';

/**
 * Makes each changed function return at once. The body stays behind a condition, so that everything a type checker knows of
 * the function is as it was.
 */
export function hollow(
  file: SourceFile,
  { parse, dialect }: { parse: Parse; dialect: Dialect },
  wanted: (place: FunctionPlace) => boolean = () => true,
): HollowFile | 'unparseable' {
  const program = parse(file.text);
  if (program === null) return 'unparseable';
  const before = programsBefore(file, parse);
  const emptied = changedFunctions(program, before)
    .filter(wanted)
    .flatMap((unit) => {
      const edits = emptyBody(unit, dialect);
      return edits.length === 0 ? [] : [{ unit, edits }];
    });
  const exported = hollowReExports({ program, text: file.text, before }, dialect, wanted);
  const text = applyEdits(file.text, [...emptied.flatMap(({ edits }) => edits), ...exported.edits]);
  const functions = [
    ...emptied.map(({ unit: { name, line } }) => ({ name, line })),
    ...exported.functions,
  ].sort((a, b) => a.line - b.line);
  return parse(text) === null ? 'unparseable' : { text, functions };
}

/** Edits that empty one function; none where it does nothing already, or where emptying it would not compile. */
function emptyBody({ node }: FunctionUnit, dialect: Dialect): Edit[] {
  const body = node['body'] as Node;
  if (body.type !== 'BlockStatement') {
    if (isNothing(body)) return [];
    return [
      { start: body.start, end: body.start, text: `(${always} ? ${dialect.nothing} : (` },
      { start: body.end, end: body.end, text: '))' },
    ];
  }
  const statements = body['body'] as Node[];
  if (statements.every(isIdle)) return [];
  const isConstructor = node['kind'] === 'constructor';
  if (isConstructor && dialect.constructorsSetFields) return [];
  const after = isConstructor ? statements.findIndex(isSuperCall) : -1;
  if (isConstructor && after === statements.length - 1) return [];
  const directives = (body['directives'] as Node[] | undefined) ?? [];
  const at = statements[after]?.end ?? directives.at(-1)?.end ?? body.start + 1;
  const isBare = isConstructor || node['kind'] === 'set' || !(returnsValue(body) || neverReturns(node));
  const text = ` if (${always}) return${isBare ? '' : ` ${dialect.nothing}`}; `;
  return [{ start: at, end: at, text }];
}

function isNothing(node: unknown): boolean {
  return isNode(node) && node.type === 'Identifier' && node['name'] === 'undefined';
}

/** A statement that does nothing. */
function isIdle(node: Node): boolean {
  if (node.type === 'EmptyStatement') return true;
  return node.type === 'ReturnStatement' && (node['argument'] === null || isNothing(node['argument']));
}

function isSuperCall(node: Node): boolean {
  const call = node['expression'];
  return isNode(call) && call.type === 'CallExpression' && (call['callee'] as Node).type === 'Super';
}

/** Declared to return never: it may return no undefined. */
function neverReturns({ returnType }: Node): boolean {
  return (
    isNode(returnType) &&
    isNode(returnType['typeAnnotation']) &&
    returnType['typeAnnotation'].type === 'TSNeverKeyword'
  );
}

/** Whether a body returns something, functions inside it aside. */
function returnsValue(node: Node): boolean {
  if (node.type === 'ReturnStatement') return node['argument'] !== null;
  return childrenOf(node).some(({ child }) => !isFunction(child) && returnsValue(child));
}
