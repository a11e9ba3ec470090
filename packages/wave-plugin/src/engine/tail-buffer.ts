import { StringDecoder } from 'node:string_decoder';

/** Keeps the last `maxLines` lines of a stream in bounded memory, whatever its length. */
export function tailBuffer(
  maxLines: number,
  maxLineLength = 2_000,
): { add(chunk: Uint8Array): void; text(): string } {
  const decoder = new StringDecoder('utf8');
  const lines: string[] = [];
  let open = '';
  const keep = (line: string) => {
    lines.push(line.slice(0, maxLineLength));
    if (lines.length > maxLines) lines.shift();
  };
  return {
    add(chunk) {
      const parts = (open + decoder.write(Buffer.from(chunk))).split('\n');
      open = (parts.pop() ?? '').slice(-maxLineLength);
      parts.forEach(keep);
    },
    text: () => [...lines, ...(open === '' ? [] : [open])].join('\n'),
  };
}
