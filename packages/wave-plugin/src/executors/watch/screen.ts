import { clearScreenDown, moveCursor } from 'node:readline';
import { styleText } from 'node:util';
import { harmless } from '../../core/terminal-text';
import type { Span, Tone } from '../../core/views/report/block';
import type { Session } from '../../engine/session/session';
import type { WatchScreen } from '../../engine/wave/watch-wave';

const colours: Record<Tone, 'green' | 'red' | 'yellow'> = { good: 'green', bad: 'red', waiting: 'yellow' };

/** What a stream of output may be: standard output, or a stand-in of tests. */
export type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows' | 'write'>;

/**
 * A table that is drawn in its own place where there is a terminal that can, else lines. Colours only there, and none where
 * `NO_COLOR` is set (https://no-color.org).
 */
export function openScreen(
  { edges }: Pick<Session, 'edges'>,
  { plain, out }: { plain: boolean; out: Output },
): WatchScreen {
  const { env, print } = edges;
  const isDrawn = out.isTTY && !plain && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
  const isColoured = isDrawn && (env['NO_COLOR'] ?? '') === '';
  let drawn = 0;
  return {
    print,
    // The last column stays free: some terminals break the line there.
    window: () => (isDrawn ? { width: Math.max(40, (out.columns || 80) - 1), height: out.rows || 24 } : null),
    draw(lines) {
      if (drawn > 0) {
        moveCursor(out as NodeJS.WriteStream, 0, -drawn);
        clearScreenDown(out as NodeJS.WriteStream);
      }
      out.write(lines.map((line) => `${line.map(paint).join('').trimEnd()}\n`).join(''));
      drawn = lines.length;
    },
  };

  /** What agents are called and say steers no terminal. */
  function paint({ text, tone }: Span): string {
    const safe = harmless(text).replaceAll('\t', ' ');
    return tone === undefined || !isColoured
      ? safe
      : styleText(colours[tone], safe, { validateStream: false });
  }
}
