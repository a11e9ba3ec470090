import { describeDuration } from '../../core/duration';

/** CI services end a step that prints nothing for ten minutes (Nx Cloud, `no-output-timeout`), and people lose heart before. */
const silenceMs = 55_000;

export interface KeepAlive {
  /** A line that was shown. */
  heard(line: string): void;
  /** Called about once a second: says that the program is at work where nothing else was shown for almost a minute. */
  tick(): void;
}

/**
 * At least one line a minute from a program that says nothing: how long it has been at work, what it did last and when, and
 * what it has used so far. `now`: milliseconds of a steady clock; `used`: for people, or null where nothing is known.
 */
export function createKeepAlive(
  show: (line: string) => void,
  { now, used }: { now: () => number; used: () => string | null },
): KeepAlive {
  const startedAt = now();
  let shownAt = startedAt;
  let last: { line: string; at: number } | null = null;
  return {
    heard(line) {
      shownAt = now();
      last = { line, at: shownAt };
    },
    tick() {
      const time = now();
      if (time - shownAt < silenceMs) return;
      shownAt = time;
      const did =
        last === null ? 'nothing told yet' : `last ${describeDuration(time - last.at)} ago: ${last.line}`;
      const use = used();
      show(`at work for ${describeDuration(time - startedAt)}; ${did}${use === null ? '' : `; used ${use}`}`);
    },
  };
}
