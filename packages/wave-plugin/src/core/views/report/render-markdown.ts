import { harmless } from '../../terminal-text';
import type { ReportBlock, Span } from './block';

/**
 * A report as markdown, for a pull request or the summary of a CI job. What agents and wave files say is text there and
 * nothing else: no markup, no mention of a person, no link to an issue comes of it.
 */
export function renderMarkdown(blocks: readonly ReportBlock[]): string {
  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}

function renderBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escape(block.text)}`;
    case 'paragraph':
      return renderSpans(block.spans);
    case 'list':
      return block.items.map((item) => `- ${renderSpans(item)}`).join('\n');
    case 'table':
      return renderTable(block.head, block.rows);
    case 'fold': {
      const fence = '`'.repeat(Math.max(3, longestRun(block.text) + 1));
      const text = block.text.split('\n').map(harmless).join('\n');
      return `<details><summary>${escape(block.title)}</summary>\n\n${fence}diff\n${text}\n${fence}\n\n</details>`;
    }
  }
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

function renderSpan({ text, tone, code }: Span, inTable = false): string {
  if (code === true) return codeSpan(text, inTable);
  return tone === undefined || text === '' ? escape(text) : `**${escape(text)}**`;
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
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
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
