import { type ProcessEntry, type ProcessTable } from './process-table';

/** Milliseconds between SIGTERM and SIGKILL. */
export const defaultGraceMs = 5_000;
const pollMs = 20;
/** After SIGKILL a process is gone as soon as the kernel gets to it; a disk wait can hold it longer than we can. */
const killWaitMs = 10_000;
/** Empty lists in a row after which a group that still has members is killed whole: some may be dead and never collected. */
const emptyLists = 10;

/**
 * Ends the given processes: SIGTERM, grace, SIGKILL, this one with their groups: a chain of processes that start the next
 * and end is never met one by one. A pid is signalled only while it still is the process that was listed. `listAgain` is
 * asked until it finds nobody, so that processes born meanwhile end too; the kernel is asked besides whether `group`, which
 * the program led, has members that no list met, and those are killed unmet. A `guard` ends by itself after what it guards,
 * and takes everything with it where it is ended first: it gets no SIGTERM. Resolves with the number of processes that were
 * ended.
 */
export async function endProcesses(
  table: ProcessTable,
  listAgain: () => Promise<ProcessEntry[]>,
  { graceMs, group, guard }: { graceMs: number; group?: number; guard?: number },
): Promise<number> {
  let quiet = 0;
  const seen = new Map<string, ProcessEntry>();
  const deadline = performance.now() + graceMs;
  // Counted from the first SIGKILL: on a busy machine this loop may come back long after the deadline.
  let giveUp = Infinity;
  for (;;) {
    const listed = await listAgain();
    const { living, ownGroup } = await alive(table, [...seen.values(), ...listed]);
    // Whoever was listed and is gone may have left a child that no list has seen yet.
    quiet = living.length === 0 && listed.length === 0 ? quiet + 1 : 0;
    const hidden = group !== undefined && quiet <= emptyLists && hasMembers(group) ? [group] : [];
    if ((quiet > 0 && hidden.length === 0) || performance.now() > giveUp) return seen.size;
    const isLate = performance.now() >= deadline;
    if (isLate) giveUp = Math.min(giveUp, performance.now() + killWaitMs);
    for (const entry of living) {
      const isNew = !seen.has(keyOf(entry));
      seen.set(keyOf(entry), entry);
      if (isLate) signal(entry.pid, 'SIGKILL');
      else if (isNew && entry.pid !== guard) signal(entry.pid, 'SIGTERM');
    }
    const groups = [...groupsOf([...living, ...listed], ownGroup), ...hidden];
    for (const one of isLate || quiet === emptyLists ? groups : []) signal(-one, 'SIGKILL');
    await pause(pollMs);
  }
}

function hasMembers(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

export function keyOf(entry: ProcessEntry): string {
  return `${entry.pid}@${entry.startedAt}`;
}

async function alive(table: ProcessTable, entries: readonly ProcessEntry[]) {
  if (entries.length === 0) return { living: [], ownGroup: undefined };
  const all = await table.list();
  const now = new Set(all.map(keyOf));
  const unique = new Map(entries.map((entry) => [keyOf(entry), entry]));
  return {
    living: [...unique.values()].filter((entry) => now.has(keyOf(entry))),
    ownGroup: all.find(({ pid }) => pid === process.pid)?.group,
  };
}

/** Never the runner's own, and none where that is not known. */
function groupsOf(entries: readonly ProcessEntry[], ownGroup: number | undefined): number[] {
  const groups = new Set(entries.flatMap(({ group }) => (group === undefined ? [] : [group])));
  return ownGroup === undefined ? [] : [...groups].filter((group) => group > 1 && group !== ownGroup);
}

/** The process may have ended by itself, or have changed its user: neither is ours to act on. */
function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    return;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
