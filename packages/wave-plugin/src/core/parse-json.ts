/**
 * JSON as agents write it: after a byte order mark, or as the one thing in a code fence. Undefined where it is anything
 * else: prose around it is not searched, for it may quote what it does not claim.
 */
export function parseAnswer(text: string | null): unknown {
  if (text === null) return undefined;
  const bare = withoutMark(text);
  const lines = bare.split('\n');
  const fence = /^(`{3,}|~{3,})[^`]*$/.exec(lines[0] ?? '')?.[1];
  const isFenced = fence !== undefined && lines.length > 2 && lines.at(-1)?.trim() === fence;
  return parseJson(isFenced ? withoutMark(lines.slice(1, -1).join('\n')) : bare);
}

const withoutMark = (text: string) => text.trim().replace(/^\ufeff/, '');

/**
 * JSON or undefined: what is not JSON fails the schema that reads it next. What nests deeper than any document of ours counts as
 * no JSON: whoever walks into it, to hash it or to take secrets out of it, would come to the end of the stack. So does what holds a
 * number past all numbers: it has no JSON form again, and so no digest.
 */
export function parseJson(text: string | null): unknown {
  try {
    if (text === null || nestsTooDeep(text)) return undefined;
    const value: unknown = JSON.parse(text);
    return holdsInfinity(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Whether a value of JSON holds a number that was too large for one (`1e999`). */
export function holdsInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.some(holdsInfinity) : Object.values(value).some(holdsInfinity);
}

/** Levels of lists and objects in each other. */
export const deepestJson = 200;

/** Whether a text opens more lists and objects in each other, outside of its strings, than `deepestJson`. */
export function nestsTooDeep(text: string): boolean {
  if (text.length <= 2 * deepestJson) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === openBracket || code === openBrace) depth += 1;
    else if (code === closeBracket || code === closeBrace) depth -= 1;
    if (depth > deepestJson) return true;
  }
  return false;
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Where the string that opens at `from` closes; the end of the text where it does not. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at;
  }
  return text.length;
}
