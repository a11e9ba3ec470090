import { join } from 'node:path';
import { countsAsAttempt } from '../../core/paid-attempts';
import type { PlannedUnit } from '../../core/views/plan';
import { parseEventLog } from '../../core/state/event-log';
import { readText } from '../../edges/files/read-file';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';

/** What the last attempt that counts used; one that was broken off, or only verified again, says nothing about cost. */
export async function estimateOf(known: readonly Bundle[]): Promise<PlannedUnit['estimate']> {
  const counted = known.filter(({ manifest }) => countsAsAttempt(manifest.predicate));
  const last = counted.findLast(({ manifest }) => manifest.predicate.usage !== null) ?? counted.at(-1);
  if (last === undefined) return { usage: null, minutes: null };
  const { events } = parseEventLog((await readText(join(last.folder, bundleFiles.events))) ?? '');
  const times = events.map(({ at }) => Date.parse(at)).filter(Number.isFinite);
  const ms = times.length < 2 ? null : Math.max(...times) - Math.min(...times);
  return {
    usage: last.manifest.predicate.usage,
    minutes: ms === null ? null : Math.round(ms / 6_000) / 10,
  };
}
