/** How far a word may be from a known one to count as a slip of the pen. */
export const slipDistance = 2;

/**
 * The known word that `written` was most likely meant to be, or null. Case is ignored: `executor` is a slip for
 * `Executor`. Short words must share more than they differ, else `x` would be a slip for `id`.
 */
export function nearest(written: string, known: Iterable<string>): string | null {
  if (written.length > 64) return null;
  const lower = written.toLowerCase();
  let best: string | null = null;
  let bestDistance = slipDistance + 1;
  for (const word of known) {
    const distance = editDistance(lower, word.toLowerCase(), slipDistance);
    if (distance < bestDistance && distance < Math.max(word.length, 2) / 1.5) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other; `limit + 1` where it is more. */
export function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(at(last, to.length), limit + 1);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
