import { sha256 } from '@nx-wave/schemas/plain';
import type { Bar, ReportBlock, Span } from './block';
import { escapeHtml } from './escape-html';
import { hexToBase64 } from './hex-to-base64';
import { renderDiff } from './render-diff';
import { reportScript } from './script';
import { reportStyle } from './style';

const hash = (text: string) => `'sha256-${hexToBase64(sha256(text))}'`;

/** Style and script are known by their digests; nothing else comes in. */
const policy = [
  "default-src 'none'",
  `style-src ${hash(reportStyle)}`,
  `script-src ${hash(reportScript)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * A report as one HTML file. Nothing is loaded: style and script stand inside, and the policy in its head allows these two by
 * their digests and nothing else, whatever an agent wrote. Without the script all of it can be read.
 */
export function renderHtml(title: string, blocks: readonly ReportBlock[]): string {
  const anchors = anchorsOf(blocks);
  const first = blocks.findIndex((block) => block.kind === 'heading' && block.level > 1);
  const [top, rest] = first < 0 ? [blocks, []] : [blocks.slice(0, first), blocks.slice(first)];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${reportStyle}</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#report">To the report</a>',
    '<main id="report" class="page">',
    ...top.map((block) => renderBlock(block, anchors)),
    '<div class="columns">',
    contents(rest, anchors),
    '<div>',
    ...rest.map((block) => renderBlock(block, anchors)),
    '</div>',
    '</div>',
    '<p id="said" role="status"></p>',
    '</main>',
    `<script>${reportScript}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

type Heading = Extract<ReportBlock, { kind: 'heading' }>;

/** An address for each heading, from its words, that stays when others come and go. */
function anchorsOf(blocks: readonly ReportBlock[]): Map<ReportBlock, string> {
  const taken = new Set(['report', 'said', 'search', 'found']);
  const anchors = new Map<ReportBlock, string>();
  for (const block of blocks) {
    if (block.kind !== 'heading') continue;
    const words =
      /^[^:]*/
        .exec(block.text.toLowerCase())?.[0]
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') ?? '';
    let anchor = words === '' ? 'part' : words;
    for (let next = 2; taken.has(anchor); next += 1) anchor = `${words === '' ? 'part' : words}-${next}`;
    taken.add(anchor);
    anchors.set(block, anchor);
  }
  return anchors;
}

function contents(blocks: readonly ReportBlock[], anchors: Map<ReportBlock, string>): string {
  const headings = blocks.filter((block): block is Heading => block.kind === 'heading' && block.level === 2);
  const items = headings.map(
    (heading) => `<li><a href="#${anchors.get(heading) ?? ''}">${escapeHtml(heading.text)}</a></li>`,
  );
  return `<nav aria-label="Contents"><ol>${items.join('')}</ol></nav>`;
}

function renderBlock(block: ReportBlock, anchors: Map<ReportBlock, string>): string {
  switch (block.kind) {
    case 'heading':
      return renderHeading(block, anchors);
    case 'banner':
      return renderBanner(block);
    case 'tiles':
      return `<dl class="tiles">${block.tiles
        .map(({ label, value }) => `<div><dt>${escapeHtml(label)}</dt><dd>${renderSpans(value)}</dd></div>`)
        .join('')}</dl>`;
    case 'paragraph':
      return `<p>${renderSpans(block.spans)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${renderSpans(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return renderTable(block.head, block.rows);
    case 'fold':
      return `<details><summary>${escapeHtml(block.title)}</summary>\n<pre tabindex="0">${block.text.split('\n').map(escapeHtml).join('\n')}</pre>\n</details>`;
    case 'group':
      return `<details class="group"><summary>${escapeHtml(block.title)}</summary>\n${block.blocks.map((one) => renderBlock(one, anchors)).join('\n')}\n</details>`;
    case 'file':
      return renderFile(block);
    case 'timeline':
      return renderTimeline(block.rows);
  }
}

/** Above the files there is a field to find one; it shows where the script runs. */
function renderHeading(block: Heading, anchors: Map<ReportBlock, string>): string {
  const heading = `<h${block.level} id="${anchors.get(block) ?? ''}">${escapeHtml(block.text)}</h${block.level}>`;
  if (anchors.get(block) !== 'what-it-changes') return heading;
  const field =
    '<label for="search">Find in files</label><input type="search" id="search"><span id="found" role="status"></span>';
  const buttons =
    '<button type="button" data-open="yes" hidden>Open all</button><button type="button" data-open="no" hidden>Close all</button>';
  return `${heading}\n<div class="find" hidden>${field}${buttons}</div>`;
}

function renderBanner({ tone, answer, why, next }: Extract<ReportBlock, { kind: 'banner' }>): string {
  const command = next === null ? '' : `<p>Next: <code class="command">${escapeHtml(next)}</code></p>`;
  return `<div class="banner ${tone}"><p class="answer">${escapeHtml(answer)}</p><p>${renderSpans(why)}</p>${command}</div>`;
}

function renderTable(head: readonly string[], rows: readonly Span[][]): string {
  const columns = head
    .map((cell, at) => {
      const isNumber = rows.some((row) => row[at]?.number === true);
      return `<th scope="col"${isNumber ? ' class="number"' : ''}>${escapeHtml(cell)}</th>`;
    })
    .join('');
  const body = rows.map((row) => {
    const cells = row.map(
      (cell) => `<td${cell.number === true ? ' class="number"' : ''}>${renderSpan(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return [
    '<div class="table" tabindex="0"><table>',
    `<thead><tr>${columns}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '</table></div>',
  ].join('\n');
}

function renderFile({ path, about, text, note }: Extract<ReportBlock, { kind: 'file' }>): string {
  const words = note === null ? '' : `<p>${escapeHtml(note)}</p>`;
  const diff = text === null ? words : `${words}<pre class="diff" tabindex="0">${renderDiff(text)}</pre>`;
  const body = diff === '' ? '<p>Nothing of it can be shown as text.</p>' : diff;
  return `<details class="file"><summary><code>${escapeHtml(path)}</code><span class="about">${escapeHtml(about)}</span></summary>\n${body}\n</details>`;
}

/** One line each, all on one scale; what the picture shows stands beside it in words. */
function renderTimeline(rows: Extract<ReportBlock, { kind: 'timeline' }>['rows']): string {
  const times = rows.flatMap(({ bars }) => bars.flatMap(({ fromMs, toMs }) => [fromMs, toMs]));
  const from = times.reduce((least, time) => Math.min(least, time), times[0] ?? 0);
  const span = Math.max(1, times.reduce((most, time) => Math.max(most, time), from) - from);
  const x = (ms: number) => Math.round(((ms - from) / span) * 10_000) / 10;
  const bar = ({ kind, fromMs, toMs }: Bar) =>
    `<rect class="${kind}" x="${x(fromMs)}" y="0" width="${Math.max(1, x(toMs) - x(fromMs))}" height="14"/>`;
  return rows
    .map(
      ({ label, words, bars }) =>
        `<div class="row"><code>${escapeHtml(label)}</code><svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">${bars.map(bar).join('')}</svg><span class="words">${escapeHtml(words)}</span></div>`,
    )
    .join('\n');
}

function renderSpans(spans: readonly Span[]): string {
  return spans.map(renderSpan).join('');
}

/** A digest is long and has no place to break: it may break anywhere. A name of few signs does not break. */
function renderSpan({ text, tone, code, command }: Span): string {
  const kind =
    command === true ? 'command' : /^\S{41,}$/.test(text) ? 'long' : text.length <= 40 ? 'short' : '';
  const inner =
    code === true
      ? `<code${kind === '' ? '' : ` class="${kind}"`}>${escapeHtml(text)}</code>`
      : escapeHtml(text);
  return tone === undefined ? inner : `<span class="${tone}">${inner}</span>`;
}
