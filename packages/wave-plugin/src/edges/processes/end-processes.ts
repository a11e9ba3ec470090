import { type ProcessEntry, type ProcessTable } from './process-table';

/** Milliseconds between SIGTERM and SIGKILL. */
export const defaultGraceMs = 5_000;
const pollMs = 20;
/** After SIGKILL a process is gone as soon as the kernel gets to it; a disk wait can hold it longer than we can. */
const killWaitMs = 2_000;

/**
 * Ends the given processes: SIGTERM, grace, SIGKILL. A pid is signalled only while it still is the process that
 * was listed. `listAgain` is asked until it finds nobody, so that processes born meanwhile end too.
 * Resolves with the number of processes that were ended.
 */
export async function endProcesses(
  table: ProcessTable,
  listAgain: () => Promise<ProcessEntry[]>,
  graceMs: number,
): Promise<number> {
  const seen = new Map<string, ProcessEntry>();
  const deadline = performance.now() + graceMs;
  const giveUp = deadline + killWaitMs;
  for (;;) {
    const living = await alive(table, [...seen.values(), ...(await listAgain())]);
    if (living.length === 0 || performance.now() > giveUp) return seen.size;
    for (const entry of living) {
      const isNew = !seen.has(keyOf(entry));
      seen.set(keyOf(entry), entry);
      if (performance.now() >= deadline) signal(entry.pid, 'SIGKILL');
      else if (isNew) signal(entry.pid, 'SIGTERM');
    }
    await pause(pollMs);
  }
}

export function keyOf(entry: ProcessEntry): string {
  return `${entry.pid}@${entry.startedAt}`;
}

async function alive(table: ProcessTable, entries: readonly ProcessEntry[]): Promise<ProcessEntry[]> {
  if (entries.length === 0) return [];
  const now = new Set((await table.list()).map(keyOf));
  const unique = new Map(entries.map((entry) => [keyOf(entry), entry]));
  return [...unique.values()].filter((entry) => now.has(keyOf(entry)));
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
