import { escapeHtml } from './escape-html';

interface Line {
  kind: 'head' | 'hunk' | 'added' | 'removed' | 'same';
  text: string;
  /** Its number: in the old file where it is gone, else in the new one; null for what is no line of the file. */
  number: number | null;
}

/** The diff of one file: numbered lines, what is new and what is gone, and within a changed line the part that changed. */
export function renderDiff(text: string): string {
  const lines = readLines(text);
  const marks = changedParts(lines);
  return lines
    .map(({ kind, text: line, number }, at) => {
      const numbers = number === null ? '' : ` data-n="${number}"`;
      const part = marks.get(at);
      const inner = part === undefined ? escapeHtml(line) : withMark(line, part);
      return `<span class="l ${kind}"${numbers}>${inner}</span>`;
    })
    .join('\n');
}

function readLines(text: string): Line[] {
  let old = 0;
  let now = 0;
  let isHead = true;
  return text.split('\n').map((line): Line => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk !== null) {
      [old, now, isHead] = [Number(hunk[1]), Number(hunk[2]), false];
      return { kind: 'hunk', text: line, number: null };
    }
    if (isHead || line.startsWith('\\')) return { kind: 'head', text: line, number: null };
    const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
    const number = kind === 'removed' ? old : now;
    if (kind !== 'added') old += 1;
    if (kind !== 'removed') now += 1;
    return { kind, text: line, number };
  });
}

interface Part {
  from: number;
  to: number;
}

/** For as many removed lines as added ones behind them, pair by pair: where they differ, if they have anything in common. */
function changedParts(lines: readonly Line[]): Map<number, Part> {
  const parts = new Map<number, Part>();
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at]?.kind !== 'removed') continue;
    const gone = runOf(lines, at, 'removed');
    const fresh = runOf(lines, at + gone, 'added');
    if (gone === fresh)
      for (let pair = 0; pair < gone; pair += 1) {
        const [before, after] = [lines[at + pair]?.text ?? '', lines[at + gone + pair]?.text ?? ''];
        const found = differingParts(before, after);
        if (found === null) continue;
        parts.set(at + pair, found.before);
        parts.set(at + gone + pair, found.after);
      }
    at += gone + fresh - 1;
  }
  return parts;
}

function runOf(lines: readonly Line[], from: number, kind: Line['kind']): number {
  let length = 0;
  while (lines[from + length]?.kind === kind) length += 1;
  return length;
}

/** Null where the lines have too little in common for a part to be meant. The first sign is that of the diff. */
function differingParts(before: string, after: string): { before: Part; after: Part } | null {
  const shorter = Math.min(before.length, after.length);
  let from = 1;
  while (from < shorter && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < shorter - from && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  if (isLow(before, from) || isLow(after, from)) from -= 1;
  if (isLow(before, before.length - tail) || isLow(after, after.length - tail)) tail -= 1;
  if (from - 1 + tail < shorter / 3) return null;
  return { before: { from, to: before.length - tail }, after: { from, to: after.length - tail } };
}

/** Whether a cut there would take a letter apart. */
function isLow(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text[at] ?? '');
}

function withMark(line: string, { from, to }: Part): string {
  if (to <= from) return escapeHtml(line);
  return `${escapeHtml(line.slice(0, from))}<mark>${escapeHtml(line.slice(from, to))}</mark>${escapeHtml(line.slice(to))}`;
}
