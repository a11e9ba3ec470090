import { type Mutant, type SourceFile } from '../../contracts';
import { changedFunctions, programsBefore, withoutThoseBefore, type FunctionUnit } from './functions';
import { shapeOf } from './shape';
import { applyEdits, childrenOf, isNode, type Edit, type Node, type Parse } from './tree';

interface Fault extends Edit {
  what: string;
  line: number;
  /** Likely to be seen by a test that looks: tried first. */
  rank: number;
}

const operators: Readonly<Record<string, string>> = {
  ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===', '==': '!=', '!=': '==' },
  ...{ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '&&': '||', '||': '&&', '++': '--', '--': '++' },
};

/** Small faults in changed statements of changed functions: one function after the other, the clearest of each first. */
export function mutants(
  file: SourceFile,
  { parse, limit }: { parse: Parse; limit: number },
): Mutant[] | 'unparseable' {
  const program = parse(file.text);
  if (program === null) return 'unparseable';
  const before = programsBefore(file, parse);
  const known = before.flatMap(statementsIn);
  const queues = changedFunctions(program, before).map((unit) => ({
    unit,
    faults: faultsIn(unit, known, file.text),
  }));
  const chosen: Mutant[] = [];
  for (let turn = 0; chosen.length < limit && queues.some(({ faults }) => faults.length > turn); turn += 1)
    for (const { unit, faults } of queues) {
      const fault = faults[turn];
      if (fault === undefined || chosen.length >= limit) continue;
      const text = applyEdits(file.text, [fault]);
      if (parse(text) !== null) chosen.push({ text, name: unit.name, line: fault.line, what: fault.what });
    }
  return chosen;
}

interface Statement {
  node: Node;
  shape: string;
}

/** Simple statements, and the conditions of others: what can change by itself. */
function statementsIn(node: Node): Statement[] {
  const found: Statement[] = [];
  const walk = (one: Node): void => {
    const simple = /^(Expression|Return|Throw)Statement$|^VariableDeclarat(ion|or)$/.test(one.type);
    if (simple) found.push({ node: one, shape: shapeOf(one) });
    for (const { field, child } of childrenOf(one)) {
      if (field === 'test' || (field === 'body' && one.type === 'ArrowFunctionExpression'))
        found.push({ node: child, shape: shapeOf(child) });
      walk(child);
    }
  };
  walk(node);
  return found;
}

function faultsIn({ node }: FunctionUnit, known: readonly Statement[], text: string): Fault[] {
  const faults = new Map<string, Fault>();
  for (const statement of withoutThoseBefore(statementsIn(node['body'] as Node).concat(own(node)), known))
    collect(statement.node, text, (fault) => faults.set(`${fault.start}:${fault.text}`, fault));
  return [...faults.values()].sort((a, b) => a.rank - b.rank || a.start - b.start);
}

/** The expression that an arrow function is. */
function own(node: Node): Statement[] {
  const body = node['body'] as Node;
  return body.type === 'BlockStatement' ? [] : [{ node: body, shape: shapeOf(body) }];
}

function collect(node: Node, text: string, found: (fault: Fault) => void): void {
  for (const fault of faultsOf(node, text)) found(fault);
  for (const { field, child } of childrenOf(node)) {
    if (child.type.startsWith('TSType') || field === 'typeAnnotation') continue;
    // Names of properties are no values.
    if (field === 'key' || (field === 'property' && node['computed'] !== true)) continue;
    if (node.type.startsWith('JSX') && child.type === 'StringLiteral') continue;
    collect(child, text, found);
  }
}

function faultsOf(node: Node, text: string): Fault[] {
  const line = node.loc.start.line;
  const change = (edit: Edit, what: string, rank: number): Fault[] => [{ ...edit, what, line, rank }];
  const [left, right, operator] = [node['left'], node['right'], String(node['operator'] ?? '')];
  const other = operators[operator];
  if (/^(Binary|Logical)Expression$/.test(node.type) && isNode(left) && isNode(right)) {
    if (other === undefined || (operator === '+' && [left, right].some(isText))) return [];
    const at = text.indexOf(operator, left.end);
    if (at < 0 || at >= right.start) return [];
    const edit = { start: at, end: at + operator.length, text: other };
    return change(edit, `\`${operator}\` became \`${other}\``, 0);
  }
  if (node.type === 'UnaryExpression' && operator === '!')
    return change({ start: node.start, end: node.start + 1, text: '!!' }, '`!` was taken out', 1);
  if (node.type === 'UpdateExpression' && other !== undefined) {
    const at = node['prefix'] === true ? node.start : node.end - 2;
    return change({ start: at, end: at + 2, text: other }, `\`${operator}\` became \`${other}\``, 0);
  }
  const whole = { start: node.start, end: node.end };
  if (node.type === 'BooleanLiteral') {
    const flipped = String(node['value'] !== true);
    return change({ ...whole, text: flipped }, `\`${String(node['value'])}\` became \`${flipped}\``, 1);
  }
  if (node.type === 'NumericLiteral') {
    const next = String(Number(node['value']) + 1);
    return change({ ...whole, text: next }, `\`${text.slice(node.start, node.end)}\` became \`${next}\``, 2);
  }
  if (node.type === 'StringLiteral' && node['value'] !== '')
    return change({ ...whole, text: "''" }, 'a text became an empty one', 3);
  return [];
}

function isText({ type }: Node): boolean {
  return type === 'StringLiteral' || type === 'TemplateLiteral';
}
