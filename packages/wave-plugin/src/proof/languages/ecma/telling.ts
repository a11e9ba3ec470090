import { childrenOf, isNode, type Node } from './tree';

const logger = /^(console|log|logger|logging|winston|pino|debug|trace|tracer)$/i;
const levels =
  /^(debug|info|log|warn|warning|error|trace|verbose|silly|fatal|time|timeEnd|timeLog|dir|table|group|groupEnd|groupCollapsed|child)$/;

const changing = /^(AssignmentExpression|UpdateExpression|YieldExpression|BlockStatement|ClassBody)$/;

/** Whether something is done in a piece that is to be told: it sets what is not its own, or has statements. Calls alone are believed. */
function doesWork(node: Node): boolean {
  return (
    changing.test(node.type) ||
    (node.type === 'UnaryExpression' && node['operator'] === 'delete') ||
    childrenOf(node).some(({ child }) => doesWork(child))
  );
}

/** `console.warn(…)`, `this.logger.info(…)`: a statement that only tells a person what happens. */
export function isTelling(node: Node): boolean {
  const call = node.type === 'ExpressionStatement' ? node['expression'] : null;
  if (!isNode(call) || !/^(Optional)?CallExpression$/.test(call.type)) return false;
  const { callee } = call;
  if (!isNode(callee) || !/^(Optional)?MemberExpression$/.test(callee.type)) return false;
  return (
    levels.test(nameIn(callee['property'])) && logger.test(lastName(callee['object'])) && !doesWork(call)
  );
}

/** The last name of `this.logger` or `console`, without what marks a private one. */
function lastName(node: unknown): string {
  if (!isNode(node)) return '';
  return nameIn(/MemberExpression$/.test(node.type) ? node['property'] : node).replace(/^_+/, '');
}

function nameIn(node: unknown): string {
  if (!isNode(node)) return '';
  return node.type === 'PrivateName' ? nameIn(node['id']) : String(node['name'] ?? '');
}

/** The texts of errors: `new RangeError(`…`)`. What an error says is for a person; its class is for the program. */
export function textsOfErrors(root: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  const walk = (node: Node): void => {
    if (/^(New|Call)Expression$/.test(node.type) && /(Error|Exception)$/.test(lastName(node['callee'])))
      for (const one of node['arguments'] as Node[]) if (isText(one) && !doesWork(one)) found.add(one);
    for (const { child } of childrenOf(node)) walk(child);
  };
  walk(root);
  return found;
}

function isText(node: Node): boolean {
  if (node.type === 'BinaryExpression') return isText(node['left'] as Node) || isText(node['right'] as Node);
  return node.type === 'StringLiteral' || node.type === 'TemplateLiteral';
}
