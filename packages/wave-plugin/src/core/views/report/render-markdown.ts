import { harmless } from '../../terminal-text';
import type { ReportBlock, Span } from './block';

/** What GitHub takes for the text of a pull request, an issue or a comment: 65,536 characters. Some room is left. */
const mostCharacters = 65_000;

/**
 * A report as markdown, for a pull request or the summary of a CI job. What agents and wave files say is text there and
 * nothing else: no markup, no mention of a person, no link to an issue comes of it. It is never longer than GitHub takes:
 * diffs go first, then tables and lists get shorter, then the last sections go; what is left out is said.
 */
export function renderMarkdown(blocks: readonly ReportBlock[], most = mostCharacters): string {
  for (const shrink of shrinkings) {
    const text = renderAll(shrink(blocks));
    if (text.length <= most) return text;
  }
  const note = `\n*The rest does not fit here: \`report --format html\` has all of it.*\n`;
  let text = '';
  for (const part of partsOf(shortenAll(blocks, 5))) {
    const rendered = renderAll(part);
    if (text.length + rendered.length + note.length > most) break;
    text = text === '' ? rendered : `${text}\n${rendered}`;
  }
  return text + note;
}

const shrinkings: ((blocks: readonly ReportBlock[]) => readonly ReportBlock[])[] = [
  (blocks) => blocks,
  (blocks) => blocks.map(shortDiffs),
  ...[200, 50, 15].map((rows) => (blocks: readonly ReportBlock[]) => shortenAll(blocks, rows)),
];

/** Long diffs go, short ones stay. */
function shortDiffs(block: ReportBlock): ReportBlock {
  if (block.kind === 'group') return { ...block, blocks: block.blocks.map(shortDiffs) };
  if (block.kind === 'file' && (block.text?.length ?? 0) > 1_500)
    return { ...block, text: null, note: block.note ?? 'Its diff does not fit here.' };
  return block;
}

/** At most so many rows and files that follow each other, and no diffs. */
function shortenAll(blocks: readonly ReportBlock[], rows: number): ReportBlock[] {
  return runsOf(blocks).flatMap((run) => [
    ...run.slice(0, run[0]?.kind === 'file' ? rows : undefined).flatMap((one) => shorten(one, rows)),
    ...(run[0]?.kind === 'file' ? moreOf(run.length - rows) : []),
  ]);
}

const moreOf = (left: number): ReportBlock[] =>
  left <= 0 ? [] : [{ kind: 'paragraph', spans: [{ text: `and ${left} more in the HTML report` }] }];

function shorten(block: ReportBlock, rows: number): ReportBlock[] {
  switch (block.kind) {
    case 'table':
      return [{ ...block, rows: block.rows.slice(0, rows) }, ...moreOf(block.rows.length - rows)];
    case 'list':
      return [{ ...block, items: block.items.slice(0, rows) }, ...moreOf(block.items.length - rows)];
    case 'timeline':
      return [{ ...block, rows: block.rows.slice(0, rows) }, ...moreOf(block.rows.length - rows)];
    case 'fold':
      return [{ ...block, text: block.text.split('\n').slice(0, rows).join('\n').slice(0, 2_000) }];
    case 'file':
      return [{ ...block, text: null, note: block.note ?? 'Its diff does not fit here.' }];
    case 'group':
      return [{ ...block, blocks: shortenAll(block.blocks, rows) }];
    default:
      return [block];
  }
}

/** Files that follow each other together, every other block by itself. */
function runsOf(blocks: readonly ReportBlock[]): ReportBlock[][] {
  const runs: ReportBlock[][] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (block.kind === 'file' && last?.[0]?.kind === 'file') last.push(block);
    else runs.push([block]);
  }
  return runs;
}

/** The same with each heading before what it stands above: neither is shown without the other. */
function partsOf(blocks: readonly ReportBlock[]): ReportBlock[][] {
  const parts: ReportBlock[][] = [];
  let headings: ReportBlock[] = [];
  for (const run of runsOf(blocks)) {
    if (run[0]?.kind === 'heading') headings.push(...run);
    else {
      parts.push([...headings, ...run]);
      headings = [];
    }
  }
  return parts;
}

/** Files that follow each other are rows of one table, with their diffs folded below it. */
function renderAll(blocks: readonly ReportBlock[]): string {
  const parts = runsOf(blocks).map((run) => {
    const files = run.filter((block) => block.kind === 'file');
    return files.length > 0
      ? renderFiles(files)
      : run.map((block) => (block.kind === 'file' ? '' : renderBlock(block))).join('\n\n');
  });
  return `${parts.join('\n\n')}\n`;
}

type FileBlock = Extract<ReportBlock, { kind: 'file' }>;

function renderFiles(files: readonly FileBlock[]): string {
  const rows = files.map(({ path, about }): Span[] => [{ text: path, code: true }, { text: about }]);
  const notes = [...new Set(files.map(({ note }) => note).filter((note) => note !== null))];
  return [
    renderTable(['path', 'change'], rows),
    ...notes.map((note) => escape(note)),
    ...files.filter(({ text }) => text !== null).map(({ path, text }) => renderFold(path, text ?? '')),
  ].join('\n\n');
}

function renderBlock(block: Exclude<ReportBlock, FileBlock>): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escape(block.text)}`;
    case 'banner':
      return [
        `**${escape(block.answer)}** ${renderSpans(block.why)}`.trim(),
        ...(block.next === null ? [] : [`Next: ${codeSpan(block.next, false)}`]),
      ].join('\n\n');
    case 'tiles':
      return block.tiles.map(({ label, value }) => `- ${escape(label)}: ${renderSpans(value)}`).join('\n');
    case 'paragraph':
      return renderSpans(block.spans);
    case 'list':
      return block.items.map((item) => `- ${renderSpans(item)}`).join('\n');
    case 'table':
      return renderTable(block.head, block.rows);
    case 'fold':
      return renderFold(block.title, block.text);
    case 'group':
      return `<details><summary>${escape(block.title)}</summary>\n\n${renderAll(block.blocks)}\n</details>`;
    case 'timeline':
      return renderTable(
        ['attempt', 'from, and what it did'],
        block.rows.map(({ label, words }) => [{ text: label, code: true }, { text: words }]),
      );
  }
}

function renderFold(title: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  const lines = text.split('\n').map(harmless).join('\n');
  return `<details><summary>${escape(title)}</summary>\n\n${fence}diff\n${lines}\n${fence}\n\n</details>`;
}

function renderTable(head: readonly string[], rows: readonly Span[][]): string {
  const rule = head.map((_, column) => (rows.some((row) => row[column]?.number === true) ? '--:' : '---'));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(escape)),
    line(rule),
    ...rows.map((row) => line(row.map((cell) => renderSpan(cell, true)))),
  ].join('\n');
}

function renderSpans(spans: readonly Span[]): string {
  return spans.map((span) => renderSpan(span)).join('');
}

/** Bold takes no blanks at its ends: they stand outside. */
function renderSpan({ text, tone, code }: Span, inTable = false): string {
  if (code === true) return codeSpan(text, inTable);
  const [, before = '', word = '', after = ''] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? [];
  if (tone === undefined || word === '') return escape(text);
  return `${before === '' ? '' : ' '}**${escape(word)}**${after === '' ? '' : ' '}`;
}

function oneLine(text: string): string {
  return harmless(text.replace(/\s+/g, ' '));
}

/** A pipe ends the cell of a table even inside a code span, unless it is escaped. */
function codeSpan(text: string, inTable: boolean): string {
  const line = oneLine(text);
  if (line.trim() === '') return '';
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${inTable ? line.replace(/\|/g, '\\|') : line}${pad}${ticks}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** `&#8288;`, which nobody sees, keeps `@name` and `#12` from being read as a person and an issue. */
function escape(text: string): string {
  return oneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|~!]/g, '\\$&')
    .replace(/[@#](?=\w)/g, '$&&#8288;');
}
