/** How much of a log is read, in UTF-16 units from its end: older markers belong to older attempts. */
export const logTail = 60_000;

/** Nested JSON deeper than this is not a log line that a program wrote for us. */
const deepest = 16;

/**
 * The marker lines of a log, in order, each from `[wave-…]`, `[deploy-status]` or `[infra-status]` on. Lines inside a
 * fence count only when every line of the fence is a marker, so that examples claim nothing; a fence that never ends
 * hides nothing. Log lines that are JSON are searched in their `text` and `aggregated_output` strings.
 */
export function markerLines(log: string): string[] {
  return linesOf(tailOf(log), 0);
}

function tailOf(log: string): string {
  if (log.length <= logTail) return log;
  const cut = log.length - logTail;
  const start = log.indexOf('\n', cut);
  return start < 0 ? log.slice(cut) : log.slice(start + 1);
}

function linesOf(text: string, depth: number): string[] {
  const found: string[] = [];
  let fence: { marker: string; length: number; lines: string[]; onlyMarkers: boolean } | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const run = fenceRun(line);
    if (fence) {
      if (run && run.marker === fence.marker && run.length >= fence.length && run.bare) {
        if (fence.onlyMarkers) found.push(...fence.lines);
        fence = null;
        continue;
      }
      const marker = markerOf(line);
      if (marker !== null) fence.lines.push(marker);
      else if (line.trim() !== '') fence.onlyMarkers = false;
      continue;
    }
    if (run) {
      fence = { marker: run.marker, length: run.length, lines: [], onlyMarkers: true };
      continue;
    }
    const marker = markerOf(line);
    if (marker !== null) found.push(marker);
    else found.push(...linesInJson(line, depth));
  }
  if (fence) found.push(...fence.lines);
  return found;
}

function fenceRun(line: string): { marker: string; length: number; bare: boolean } | null {
  const text = line.trim();
  const marker = text[0];
  if (marker !== '`' && marker !== '~') return null;
  let length = 0;
  while (text[length] === marker) length += 1;
  if (length < 3) return null;
  const rest = text.slice(length);
  return marker === '`' && rest.includes('`') ? null : { marker, length, bare: rest === '' };
}

const tags = /^\[(?:wave-[a-z-]{1,40}|deploy-status|infra-status)\]/i;

/** The marker on a line: after a list sign, and without backticks around the whole of it. */
function markerOf(line: string): string | null {
  let text = line
    .trim()
    .replace(/^(?:[-*+]|\d{1,4}[.)])[ \t]+/, '')
    .trim();
  if (text.length > 2 && text.startsWith('`') && text.endsWith('`')) text = text.slice(1, -1).trim();
  return tags.test(text) ? text : null;
}

function linesInJson(line: string, depth: number): string[] {
  const text = line.trim();
  if (depth >= deepest || (text[0] !== '{' && text[0] !== '[')) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return stringsIn(value, null, 0).flatMap((nested) => linesOf(nested, depth + 1));
}

/** Every string below a `text` or `aggregated_output` key, in order. What a tool has read for the agent is no claim. */
function stringsIn(value: unknown, key: string | null, depth: number): string[] {
  if (typeof value === 'string') return key === 'text' || key === 'aggregated_output' ? [value] : [];
  if (depth > 64 || typeof value !== 'object' || value === null || isToolResult(value, key)) return [];
  if (Array.isArray(value)) return value.flatMap((item) => stringsIn(item, key, depth + 1));
  return Object.entries(value).flatMap(([name, member]) => stringsIn(member, name, depth + 1));
}

function isToolResult(value: object, key: string | null): boolean {
  return key === 'tool_use_result' || ('type' in value && value.type === 'tool_result');
}
