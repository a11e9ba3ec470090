import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Longest time between two signs of one save, in milliseconds: editors write, rename and touch. */
const quietMs = 50;

/** Calls back after each change of a file until the signal aborts; also where an editor puts another file in its place. */
export function watchFile(path: string, changed: () => void, signal?: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  watch(dirname(path), signal === undefined ? {} : { signal }, (_, name) => {
    if (name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, quietMs);
  });
}
