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

/** Lets a few lines a second through and says how many it has kept back. `now`: milliseconds of a steady clock. */
export function createProgress(show: (text: string) => void, now: () => number) {
  let windowStart = Number.NEGATIVE_INFINITY;
  let shown = 0;
  let kept = 0;
  return {
    add(line: ProgressLine): void {
      const time = now();
      if (time - windowStart >= windowMs) {
        windowStart = time;
        shown = 0;
      }
      if (shown >= linesPerWindow) {
        kept += 1;
        return;
      }
      shown += 1;
      const more = kept === 0 ? '' : ` (and ${kept} more)`;
      kept = 0;
      show(`${verbs[line.kind]}${line.text}${more}`);
    },
    /** Nobody comes after: what is still kept back is counted now. */
    end(): void {
      if (kept > 0) show(`(and ${kept} more)`);
      kept = 0;
    },
  };
}
