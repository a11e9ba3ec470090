import type { FileChange } from '@nx-wave/schemas';

/** Path -> id of its blob; null where it is absent. Paths that nothing is known of are left out. */
export type FileIds = ReadonlyMap<string, string | null>;

/**
 * Pure: files as they were before landings, one state for each landing that is taken back, the newest landing first. A
 * file goes back only where it is now what the landing left: what a person edited since stays as it is. What a landing
 * left is what the next one found, so ledgers of machines whose clocks differ still give the order: the list only
 * decides between landings that could both be the last.
 */
export function takeBack(now: FileIds, landings: readonly (readonly FileChange[])[]): FileIds[] {
  const states: FileIds[] = [];
  let left = landings.map((changes) => [...changes]);
  let state: FileIds = now;
  for (;;) {
    const at = left.findIndex((changes) => changes.some((change) => isAsLeft(state, change)));
    const changes = left[at];
    if (changes === undefined) return states;
    const back = changes.filter((change) => isAsLeft(state, change));
    state = new Map([
      ...state,
      ...back.map(({ path, before }): [string, string | null] => [path, before?.oid ?? null]),
    ]);
    states.push(state);
    // What was taken back once is behind us: files may come back to an earlier content, and this must end.
    left = left.map((one) => one.filter((change) => !back.includes(change)));
  }
}

/** Whether a file that is asked for is as a change left it. A change that left all as it was tells nothing. */
function isAsLeft(state: FileIds, { path, before, after }: FileChange): boolean {
  const at = state.get(path);
  return at === (after?.oid ?? null) && at !== (before?.oid ?? null);
}
