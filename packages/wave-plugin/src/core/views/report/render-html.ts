import { harmless } from '../../terminal-text';
import type { ReportBlock, Span } from './block';
import { reportStyle } from './style';

/**
 * A report as one HTML file. Nothing in it is loaded or run: styles stand inside, there is no script, and the policy in its
 * head forbids both, whatever an agent wrote.
 */
export function renderHtml(title: string, blocks: readonly ReportBlock[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escape(title)}</title>`,
    `<style>${reportStyle}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...blocks.map(renderBlock),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function renderBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escape(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${renderSpans(block.spans)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${renderSpans(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return renderTable(block.head, block.rows);
    case 'fold':
      return `<details><summary>${escape(block.title)}</summary>\n<pre>${renderLines(block.text)}</pre>\n</details>`;
  }
}

function renderTable(head: readonly string[], rows: readonly Span[][]): string {
  const columns = head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map(
      (cell) => `<td${cell.number === true ? ' class="number"' : ''}>${renderSpan(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return [
    '<div class="table"><table>',
    `<thead><tr>${columns}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '</table></div>',
  ].join('\n');
}

function renderSpans(spans: readonly Span[]): string {
  return spans.map(renderSpan).join('');
}

function renderSpan({ text, tone, code }: Span): string {
  const inner = code === true ? `<code>${escape(text)}</code>` : escape(text);
  return tone === undefined ? inner : `<span class="${tone}">${inner}</span>`;
}

/** The lines of a patch by what they do; any other text has few lines that begin like those, and no harm is done. */
function renderLines(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const kind = lineKind(line);
      return kind === null ? escape(line) : `<span class="${kind}">${escape(line)}</span>`;
    })
    .join('\n');
}

function lineKind(line: string): string | null {
  if (line.startsWith('diff --git ')) return 'file';
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : null;
}

function escape(text: string): string {
  return harmless(text.replace(/\n/g, ' '))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
