import { json, type Shape } from '../proof-case';

/** A language in three steps (lexer, parser, evaluator) in TypeScript on Vitest, behind a package script. */
export const calc: Shape = {
  runner: 'vitest',
  commands: ['npm test'],
  files: {
    'package.json': json({ name: 'calc', type: 'module', scripts: { test: 'vitest run' } }),
    'src/lexer.ts': `export type Token = { kind: 'number'; value: number } | { kind: 'sign'; text: string };

export function lex(source: string): Token[] {
  return (source.match(/\\d+(?:\\.\\d+)?|[-+*/()]/g) ?? []).map((text) =>
    /\\d/.test(text) ? { kind: 'number', value: Number(text) } : { kind: 'sign', text },
  );
}
`,
    'src/parser.ts': `import { lex, type Token } from './lexer';

export type Node = { number: number } | { sign: string; left: Node; right: Node };

const levels = [['+', '-'], ['*', '/']];

export function parse(source: string): Node {
  const tokens = lex(source);
  const node = level(tokens, 0);
  if (tokens.length > 0) throw new SyntaxError('too much');
  return node;
}

function level(tokens: Token[], depth: number): Node {
  const signs = levels[depth];
  if (signs === undefined) return leaf(tokens);
  let left = level(tokens, depth + 1);
  for (;;) {
    const [next] = tokens;
    if (next?.kind !== 'sign' || !signs.includes(next.text)) return left;
    tokens.shift();
    left = { sign: next.text, left, right: level(tokens, depth + 1) };
  }
}

function leaf(tokens: Token[]): Node {
  const token = tokens.shift();
  if (token?.kind === 'number') return { number: token.value };
  if (token?.text !== '(') throw new SyntaxError('a number is missing');
  const node = level(tokens, 0);
  tokens.shift();
  return node;
}
`,
    'src/evaluate.ts': `import { parse, type Node } from './parser';

const apply: Record<string, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

export function evaluate(source: string): number {
  return valueOf(parse(source));
}

function valueOf(node: Node): number {
  if ('number' in node) return node.number;
  return apply[node.sign](valueOf(node.left), valueOf(node.right));
}
`,
    'test/evaluate.test.ts': `import { expect, test } from 'vitest';
import { evaluate } from '../src/evaluate';

test('multiplies before it adds', () => expect(evaluate('1 + 2 * 3')).toBe(7));
test('heeds parentheses', () => expect(evaluate('(1 + 2) * 3')).toBe(9));
test('wants numbers', () => expect(() => evaluate('1 +')).toThrow(SyntaxError));
`,
  },
};
