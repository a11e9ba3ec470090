/**
 * A wave file as lines: the only place that knows line ends, fences and headings. One pass, no regular expression
 * that can backtrack: the time is linear in the size of the text, whatever the text is.
 */
export interface Source {
  path: string;
  lines: readonly string[];
  /** 1 for every line of a fenced block, its two markers included. */
  fenced: Uint8Array;
  /** 1 for lines that say nothing: front matter, and HTML comments that stand on lines of their own. */
  hidden: Uint8Array;
  /** How many lines front matter takes at the top, its two markers included; 0 where there is none. */
  frontMatter: number;
  fences: readonly Fence[];
  headings: readonly Heading[];
}

/** A fenced block; `from` and `to` are line indices of its content, `to` exclusive. */
export interface Fence {
  openedAt: number;
  from: number;
  to: number;
  /** False where the file ends before the fence does. */
  closed: boolean;
}

/** An ATX heading outside fences. `index` is its line index, `column` where its title starts (1-based). */
export interface Heading {
  level: number;
  title: string;
  index: number;
  column: number;
}

export function readSource(path: string, text: string): Source {
  const lines = splitLines(text);
  // Bytes, for a list made for more than 32 million elements is a hash table in V8: some hundred bytes for each.
  const fenced = new Uint8Array(lines.length);
  const hidden = new Uint8Array(lines.length);
  const fences: Fence[] = [];
  const headings: Heading[] = [];
  // How far the end of a comment has been looked for in vain: not twice, or many beginnings would cost their square.
  let searched = -1;
  let open: { marker: string; length: number; index: number } | null = null;
  const start = frontMatterEnd(lines);
  hidden.fill(1, 0, start);
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] as string;
    if (open) {
      fenced[index] = 1;
      const fence = fenceRun(line);
      if (fence && fence.marker === open.marker && fence.length >= open.length && fence.rest.trim() === '') {
        fences.push({ openedAt: open.index, from: open.index + 1, to: index, closed: true });
        open = null;
      }
      continue;
    }
    if (index > searched && line.trimStart().startsWith('<!--')) {
      const comment = commentEnd(lines, index);
      if (comment.alone) {
        hidden.fill(1, index, comment.end + 1);
        index = comment.end;
        continue;
      }
      searched = comment.end;
    }
    const fence = fenceRun(line);
    if (fence && !(fence.marker === '`' && fence.rest.includes('`'))) {
      fenced[index] = 1;
      open = { marker: fence.marker, length: fence.length, index };
      continue;
    }
    const heading = readHeading(line, index);
    if (heading) headings.push(heading);
  }
  if (open) fences.push({ openedAt: open.index, from: open.index + 1, to: lines.length, closed: false });
  return { path, lines, fenced, hidden, frontMatter: start, fences, headings };
}

/** Splits at LF, CRLF and CR; a byte order mark is dropped. */
export function splitLines(text: string): string[] {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return clean.includes('\r') ? clean.split(/\r\n|\n|\r/) : clean.split('\n');
}

/** How many lines front matter may have: more is no front matter. */
const longestFrontMatter = 500;

/**
 * The line after the front matter (`---` or `+++` on the first line and once more), 0 where there is none. What holds a
 * heading of level 2 or a fence is no front matter but a text between two rules.
 */
function frontMatterEnd(lines: readonly string[]): number {
  const marker = lines[0]?.trimEnd();
  if (marker !== '---' && marker !== '+++') return 0;
  const last = Math.min(lines.length, longestFrontMatter);
  for (let index = 1; index < last; index += 1) {
    const line = lines[index] as string;
    if (line.trimEnd() === marker) return index + 1;
    if (fenceRun(line) || (readHeading(line, index)?.level ?? 1) > 1) return 0;
  }
  return 0;
}

/**
 * The line on which the comment that begins on this line ends. It is not `alone` where text follows its end: then it is
 * part of a line that says something, as is one that never ends.
 */
function commentEnd(lines: readonly string[], from: number): { end: number; alone: boolean } {
  let at = (lines[from] as string).indexOf('<!--') + 4;
  for (let index = from; index < lines.length; index += 1, at = 0) {
    const line = lines[index] as string;
    const end = line.indexOf('-->', at);
    if (end >= 0) return { end: index, alone: line.slice(end + 3).trim() === '' };
  }
  return { end: lines.length, alone: false };
}

/** A line of three or more backticks or tildes after at most three spaces. */
function fenceRun(line: string): { marker: string; length: number; rest: string } | null {
  const start = leadingSpaces(line);
  if (start > 3) return null;
  const marker = line[start];
  if (marker !== '`' && marker !== '~') return null;
  let end = start;
  while (line[end] === marker) end += 1;
  if (end - start < 3) return null;
  return { marker, length: end - start, rest: line.slice(end) };
}

function readHeading(line: string, index: number): Heading | null {
  const start = leadingSpaces(line);
  if (start > 3 || line[start] !== '#') return null;
  let end = start;
  while (line[end] === '#') end += 1;
  const level = end - start;
  if (level > 6 || (end < line.length && line[end] !== ' ' && line[end] !== '\t')) return null;
  const rest = line.slice(end);
  const title = withoutClosingHashes(rest.trim());
  return { level, title, index, column: end + (rest.length - rest.trimStart().length) + 1 };
}

function withoutClosingHashes(title: string): string {
  let end = title.length;
  while (end > 0 && title[end - 1] === '#') end -= 1;
  if (end === title.length) return title;
  if (end === 0) return '';
  return title[end - 1] === ' ' || title[end - 1] === '\t' ? title.slice(0, end).trimEnd() : title;
}

function leadingSpaces(line: string): number {
  let count = 0;
  while (line[count] === ' ') count += 1;
  return count;
}
