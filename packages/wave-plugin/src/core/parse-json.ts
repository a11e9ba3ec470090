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

/** JSON or undefined: what is not JSON fails the schema that reads it next. */
export function parseJson(text: string | null): unknown {
  try {
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
