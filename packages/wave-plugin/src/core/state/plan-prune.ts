/** Something that a command can make again or do without, as it stands on disk. */
export interface Prunable {
  kind: 'proof' | 'attempt' | 'tree-proof' | 'leftover';
  /** Absolute. */
  path: string;
  bytes: number;
  /** When it was made, or last of use. */
  usedAtMs: number;
  /** Why it stays whatever its age, or null. */
  needed: string | null;
}

export interface PruneRules {
  nowMs: number;
  /** What was not of use for longer than this goes; null where age does not count. */
  olderThanDays: number | null;
  /** What all of it together may have; null where size does not count. */
  maxBytes: number | null;
}

export interface PrunePlan {
  /** Oldest first. */
  remove: Prunable[];
  keep: Prunable[];
  /** Bytes that stay. */
  bytes: number;
  /** What is needed alone is larger than `maxBytes`. */
  tooLarge: boolean;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Chooses what goes: what is too old, and then the longest unused until the rest fits. Nothing that is needed goes. */
export function planPrune(items: readonly Prunable[], rules: PruneRules): PrunePlan {
  const { nowMs, olderThanDays, maxBytes } = rules;
  const oldestFirst = [...items].sort(
    (a, b) => a.usedAtMs - b.usedAtMs || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );
  let bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const remove: Prunable[] = [];
  const keep: Prunable[] = [];
  for (const item of oldestFirst) {
    const old = olderThanDays !== null && nowMs - item.usedAtMs > olderThanDays * dayMs;
    const tooMuch = maxBytes !== null && bytes > maxBytes;
    if (item.needed !== null || !(old || tooMuch)) {
      keep.push(item);
      continue;
    }
    remove.push(item);
    bytes -= item.bytes;
  }
  return { remove, keep, bytes, tooLarge: maxBytes !== null && bytes > maxBytes };
}

const units: Record<string, number> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** Reads `500MB`, `1.5 GB` or a plain number of bytes; null for anything else. */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([KMGT]?B)?$/i.exec(text.trim());
  if (match === null) return null;
  return Math.floor(Number(match[1]) * (units[(match[2] ?? 'B').toUpperCase()] ?? 1));
}

/** `1.5 GB`: at most one decimal, for people. */
export function showSize(bytes: number): string {
  const unit = ['TB', 'GB', 'MB', 'KB'].find((one) => bytes >= (units[one] ?? 1)) ?? 'B';
  return `${Math.round((bytes / (units[unit] ?? 1)) * 10) / 10} ${unit}`;
}
