/** Keeps the last `maxLines` lines of a stream in bounded memory, whatever its length. */
export function tailBuffer(
  maxLines: number,
  maxLineLength = 2_000,
): { add(line: string): void; text(): string } {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line.slice(0, maxLineLength));
      if (lines.length > maxLines) lines.shift();
    },
    text: () => lines.join('\n'),
  };
}
