import { type TextRange } from '@nx-wave/schemas/plain';
import { deepestJson } from '../parse-json';

/** Where things stand in a JSON text. Offsets count UTF-16 units from 0; `to` is exclusive. */
export interface JsonPositions {
  /** Where the text stops to be JSON, or nests deeper than we read; else null. */
  errorAt: number | null;
  /** The value at each wanted path, in the order asked for; null where there is none. */
  spans: ({ from: number; to: number } | null)[];
}

interface Frame {
  array: boolean;
  from: number;
  /** Key or index of the member that is being read. */
  member: string;
  count: number;
}

/**
 * Finds values of a JSON text by their keys: for messages about a document that turned out to be wrong, never on the way
 * of one that is right. One pass without recursion.
 */
export function locateJson(text: string, wanted: readonly (readonly string[])[]): JsonPositions {
  const spans: JsonPositions['spans'] = wanted.map(() => null);
  const frames: Frame[] = [];
  let at = skipBlank(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  const found = (from: number, to: number): void => {
    wanted.forEach((path, index) => {
      if (path.length === frames.length && path.every((key, depth) => frames[depth]?.member === key))
        spans[index] = { from, to };
    });
  };
  for (;;) {
    const sign = text[at];
    if (sign === '{' || sign === '[') {
      if (frames.length === deepestJson) return { errorAt: at, spans };
      const array = sign === '[';
      const inside = skipBlank(text, at + 1);
      if (text[inside] === (array ? ']' : '}')) {
        found(at, inside + 1);
        at = inside + 1;
      } else {
        frames.push({ array, from: at, member: '0', count: 0 });
        at = inside;
        if (array) continue;
        const key = readKey(text, at);
        if (key === null) return { errorAt: at, spans };
        (frames[frames.length - 1] as Frame).member = key.name;
        at = key.to;
        continue;
      }
    } else {
      const end = scalarEnd(text, at);
      if (end === null) return { errorAt: at, spans };
      found(at, end);
      at = end;
    }
    // After a value: the next member, or the ends of everything that ends here.
    for (;;) {
      at = skipBlank(text, at);
      const frame = frames[frames.length - 1];
      if (frame === undefined) return { errorAt: at < text.length ? at : null, spans };
      if (text[at] === ',') {
        at = skipBlank(text, at + 1);
        frame.count += 1;
        if (frame.array) frame.member = String(frame.count);
        else {
          const key = readKey(text, at);
          if (key === null) return { errorAt: at, spans };
          frame.member = key.name;
          at = key.to;
        }
        break;
      }
      if (text[at] !== (frame.array ? ']' : '}')) return { errorAt: at, spans };
      frames.pop();
      at += 1;
      found(frame.from, at);
    }
  }
}

/** A key with its colon; `to` is where its value begins. */
function readKey(text: string, at: number): { name: string; to: number } | null {
  const end = text[at] === '"' ? scalarEnd(text, at) : null;
  if (end === null) return null;
  const colon = skipBlank(text, end);
  if (text[colon] !== ':') return null;
  return { name: JSON.parse(text.slice(at, end)) as string, to: skipBlank(text, colon + 1) };
}

/** Where a string, number or word ends, or null where it is none. */
function scalarEnd(text: string, at: number): number | null {
  let end = at;
  if (text[at] === '"') {
    for (end = at + 1; end < text.length && text[end] !== '"' && text[end] !== '\n'; end += 1)
      if (text[end] === '\\') end += 1;
    end += 1;
  } else while (end < text.length && !' \t\r\n,:[]{}"'.includes(text[end] as string)) end += 1;
  try {
    JSON.parse(text.slice(at, end));
    return end;
  } catch {
    return null;
  }
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at += 1;
  return at;
}

/** The first line of a span as lines and columns. */
export function rangeAt(text: string, span: { from: number; to: number }): TextRange {
  const before = text.slice(0, span.from);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const lineEnd = text.indexOf('\n', span.from);
  const to = Math.min(span.to, lineEnd < 0 ? text.length : lineEnd);
  const column = span.from - lineStart + 1;
  return { start: { line, column }, end: { line, column: column + Math.max(1, to - span.from) } };
}
