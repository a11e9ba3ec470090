/** Keeps the last `maxLines` lines of a stream in bounded memory, whatever its length. */
export function tailBuffer(
  maxLines: number,
  maxLineLength = 2_000,
): { add(line: string): void; text(): string } {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line.length > maxLineLength ? copyOf(line.slice(0, maxLineLength)) : line);
      if (lines.length > maxLines) lines.shift();
    },
    text: () => lines.join('\n'),
  };
}

/** The engine keeps the whole of a text for as long as a part of it is held; a copy lets go of it. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
