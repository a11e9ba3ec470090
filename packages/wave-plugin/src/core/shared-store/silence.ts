/** A version of an object as one observer has seen it, and since when by its own steady clock. */
export interface Sighting {
  tag: string;
  sinceMs: number;
}

/** What an object that is not there counts as. */
export const absentTag = '';

/**
 * Counts how long a version has stood, from the moment at which an answer that shows it was here. No clock of anybody else is
 * asked, and no time that stands in the object: an answer that is out of date only makes it longer.
 */
export function observe(
  seen: Sighting | null,
  { tag, steadyMs }: { tag: string; steadyMs: number },
): Sighting {
  return seen !== null && seen.tag === tag ? seen : { tag, sinceMs: steadyMs };
}

export function isSilent(
  seen: Sighting,
  { steadyMs, deadMs }: { steadyMs: number; deadMs: number },
): boolean {
  return steadyMs - seen.sinceMs >= deadMs;
}

/** Two clocks of one machine at one moment: a machine that was suspended has lost time on the steady one. */
export interface Moment {
  wallMs: number;
  steadyMs: number;
}

/** How long ago a moment was: the larger of both, so that neither suspension nor a clock that was set back hides time. */
export function elapsed(since: Moment, now: Moment): number {
  return Math.max(now.wallMs - since.wallMs, now.steadyMs - since.steadyMs);
}

/** Whether a holder has to count its claim as lost. `sent`: when its last acknowledged write was sent, not when it was answered. */
export function isLost(sent: Moment, now: Moment, { lostMs }: { lostMs: number }): boolean {
  return elapsed(sent, now) >= lostMs;
}
