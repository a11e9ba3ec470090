import { type ParserPlugin } from '@babel/parser';
import { loadBabelParser } from './load-parser';

/** A node of a syntax tree, as far as it is read here. */
export interface Node {
  type: string;
  start: number;
  end: number;
  loc: { start: { line: number } };
  [field: string]: unknown;
}

/** Reads a text, or gives null where it is no program of this language. */
export type Parse = (text: string) => Node | null;

/** A parser for files whose syntax depends on their name. */
export type ParserOf = (path: string) => Parse;

/** The parser is loaded here and nowhere else: half a megabyte that only measuring needs. */
export async function loadParser(syntaxOf: (path: string) => readonly ParserPlugin[]): Promise<ParserOf> {
  const { parse } = await loadBabelParser();
  return (path) => (text) => {
    try {
      return parse(text, {
        sourceType: 'unambiguous',
        allowReturnOutsideFunction: true,
        allowUndeclaredExports: true,
        attachComment: false,
        plugins: [...syntaxOf(path)],
      }).program as unknown as Node;
    } catch {
      return null;
    }
  };
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

const notChildren = new Set(['loc', 'extra', 'errors', 'tokens', 'range']);

/** Every child of a node with the field that it stands in, in the order of the text. */
export function childrenOf(node: Node): { field: string; child: Node }[] {
  return Object.entries(node)
    .filter(([field]) => !notChildren.has(field))
    .flatMap(([field, value]) =>
      (Array.isArray(value) ? value : [value]).filter(isNode).map((child) => ({ field, child })),
    )
    .sort((a, b) => a.child.start - b.child.start);
}

/** A replacement in a text. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Applies edits that do not overlap; of several at one place the first one given comes first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
