import { StringDecoder } from 'node:string_decoder';

/** Lines beyond this many characters are handed over in pieces, so that memory stays flat. */
export const longestLine = 8 * 1024 * 1024;

/** Stands for what has no place at which it may be cut. */
export const leftOut = '(the rest of this line is left out)';

export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Hands over what stands after the last line break. */
  end(): void;
}

export interface LineSplitterOptions {
  /** `whole` is false for a piece of a line that was too long. */
  onLine(line: string, whole: boolean): void;
  /** Chooses where a line that is too long may be cut; 0 asks for more text. */
  safeCut(text: string, limit: number): number;
  limit?: number;
}

/** Cuts a byte stream into lines across chunk boundaries; multi-byte characters stay whole. */
export function createLineSplitter({
  onLine,
  safeCut,
  limit = longestLine,
}: LineSplitterOptions): LineSplitter {
  const decoder = new StringDecoder('utf8');
  // Pieces are joined once per line: growing one string per chunk would cost the square of a long line.
  let pieces: string[] = [];
  let length = 0;
  let cutBefore = false;
  /** Nothing is looked for again before the text has grown to this: each look costs its whole length. */
  let nextLook = limit;
  /** Since the text had no place to cut, everything up to the end of its line counts as noise. */
  let noise = false;

  const take = (): string => {
    const text = pieces.join('');
    pieces = [];
    length = 0;
    return text;
  };
  const finishLine = (): void => {
    const text = take();
    if (!noise) onLine(text.endsWith('\r') ? text.slice(0, -1) : text, !cutBefore);
    cutBefore = false;
    noise = false;
    nextLook = limit;
  };
  const add = (text: string): void => {
    if (noise) return;
    pieces.push(text);
    length += text.length;
    if (length <= nextLook) return;
    const whole = take();
    const cut = safeCut(whole, whole.length);
    if (cut > 0) {
      onLine(whole.slice(0, cut), false);
      cutBefore = true;
    }
    // Twice the limit without a place to cut is no secret; but no part of it may be shown as if it stood alone.
    noise = cut === 0 && whole.length >= 2 * limit;
    if (noise) onLine(leftOut, false);
    nextLook = cut > 0 ? limit : 2 * limit - 1;
    const rest = noise ? '' : whole.slice(cut);
    pieces = [rest];
    length = rest.length;
  };
  const feed = (text: string): void => {
    const parts = text.split('\n');
    parts.forEach((part, index) => {
      add(part);
      if (index < parts.length - 1) finishLine();
    });
  };
  return {
    push: (chunk) => feed(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end: () => {
      feed(decoder.end());
      if (length > 0) finishLine();
    },
  };
}
