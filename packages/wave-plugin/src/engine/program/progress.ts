import { type ProgressLine } from '../../adapters/adapter';

const windowMs = 1_000;
const linesPerWindow = 3;
const verbs: Record<ProgressLine['kind'], string> = {
  read: 'reads ',
  edit: 'edits ',
  run: 'runs ',
  say: '',
  info: '',
};

/**
 * Lets a few lines a second through and says how many it has kept back; the last one is never among those. `now`:
 * milliseconds of a steady clock.
 */
export function createProgress(show: (text: string) => void, now: () => number) {
  let windowStart = Number.NEGATIVE_INFINITY;
  let shown = 0;
  let kept = 0;
  let last: ProgressLine | null = null;
  const put = (line: ProgressLine, left: number) =>
    show(`${verbs[line.kind]}${line.text}${left === 0 ? '' : ` (and ${left} more)`}`);
  return {
    add(line: ProgressLine): void {
      const time = now();
      if (time - windowStart >= windowMs) {
        windowStart = time;
        shown = 0;
      }
      if (shown >= linesPerWindow) {
        kept += 1;
        last = line;
        return;
      }
      shown += 1;
      put(line, kept);
      kept = 0;
      last = null;
    },
    /** Nobody comes after: how it ended is what people look for. */
    end(): void {
      if (last !== null) put(last, kept - 1);
      kept = 0;
      last = null;
    },
  };
}
