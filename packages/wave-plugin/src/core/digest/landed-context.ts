import type { FileChange } from '@nx-wave/schemas';

/** Path -> id of its blob; null where it is absent. Paths that nothing is known of are left out. */
export type FileIds = ReadonlyMap<string, string | null>;

/**
 * Pure: files as they were before landings, one state for each landing that is taken back, the newest landing first. A
 * file goes back only where it is now what the landing left: what a person edited since stays as it is.
 */
export function takeBack(now: FileIds, landings: readonly (readonly FileChange[])[]): FileIds[] {
  const states: FileIds[] = [];
  let state = new Map(now);
  for (const changes of landings) {
    const before = new Map(state);
    for (const change of changes) {
      const at = state.get(change.path);
      if (at === undefined || at !== (change.after?.oid ?? null)) continue;
      before.set(change.path, change.before?.oid ?? null);
    }
    if ([...before].every(([path, id]) => state.get(path) === id)) continue;
    states.push(before);
    state = before;
  }
  return states;
}
