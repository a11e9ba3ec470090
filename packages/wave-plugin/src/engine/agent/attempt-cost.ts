import { join } from 'node:path';
import type { Usage } from '@nx-wave/schemas';
import { countsAsAttempt } from '../../core/paid-attempts';
import { parseEventLog } from '../../core/state/event-log';
import { readText } from '../../edges/files/read-file';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';

/** What an attempt used; null for what nobody knows. */
export interface AttemptCost {
  usage: Usage | null;
  minutes: number | null;
}

/** What the last attempt that counts used; one that was broken off, or only verified again, says nothing about cost. */
export async function lastCost(known: readonly Bundle[]): Promise<AttemptCost> {
  const counted = known.filter(({ manifest }) => countsAsAttempt(manifest.predicate));
  const last = counted.findLast(({ manifest }) => manifest.predicate.usage !== null) ?? counted.at(-1);
  if (last === undefined) return { usage: null, minutes: null };
  return { usage: last.manifest.predicate.usage, minutes: await minutesOf(last) };
}

/** From the first event of an attempt to its last one, in tenths of minutes. */
export async function minutesOf({ folder }: Pick<Bundle, 'folder'>): Promise<number | null> {
  const { events } = parseEventLog((await readText(join(folder, bundleFiles.events))) ?? '');
  const times = events.map(({ at }) => Date.parse(at)).filter(Number.isFinite);
  if (times.length < 2) return null;
  // Not as arguments of a call, which may have fewer than a log has events.
  const [first, last] = times.reduce(
    ([low, high], time) => [Math.min(low, time), Math.max(high, time)],
    [Infinity, -Infinity],
  );
  return Math.round((last - first) / 6_000) / 10;
}
