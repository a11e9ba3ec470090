const note = '<!-- Generated: `node tools/generate-schemas.mjs` writes this page from the code. -->';

/** A generated page of the reference. */
export function page(title: string, ...parts: string[]): string {
  return `${[`# ${title}`, note, ...parts].join('\n\n')}\n`;
}

/** A table in markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
