/** A markdown table: columns of text, one where nothing is said, then numbers. */
export function markdownTable(head, lines, texts = 1) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, at) => (at < texts ? '---' : '--:'))), ...lines.map(row)].join('\n');
}
