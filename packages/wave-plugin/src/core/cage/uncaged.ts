import { failure, type Failure } from '@nx-wave/schemas/plain';

/** What a person is told before something runs without a cage: that nobody holds it, and that most of what it does is not seen. */
export function toldUncaged(why: string | null): string {
  return `without a cage: ${why}. What it reads, calls, leaves running, or writes outside of this repository is neither held nor seen.`;
}

/** A cage that can be had here could not be put around a program, which was not started. `who`: "agent A1". Code: `cage-failed`. */
export function cageFailed(who: string, problem: string, place: Failure['place'] = {}): Failure {
  return failure(
    'cage-failed',
    `The cage around ${who} could not be made: ${problem}. Nothing was started in it.`,
    {
      place,
      next: 'Free space and descriptors where they are short and look at the path that is named, then run the same command again: the work is kept. "isolation": "off" goes without a cage.',
    },
  );
}
