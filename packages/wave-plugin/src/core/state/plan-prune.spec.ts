import fc from 'fast-check';
import { parseSize, planPrune, type Prunable, showSize } from './plan-prune';

const dayMs = 24 * 60 * 60 * 1000;
const nowMs = 1000 * dayMs;
const item = (path: string, daysAgo: number, bytes: number, needed: string | null = null): Prunable => ({
  kind: 'proof',
  path,
  bytes,
  usedAtMs: nowMs - daysAgo * dayMs,
  needed,
});
const paths = (items: readonly Prunable[]) => items.map(({ path }) => path);

describe('planPrune', () => {
  const items = [item('a', 5, 10), item('b', 40, 10), item('c', 50, 10, 'the ledger'), item('d', 31, 10)];

  it.each<[string, number | null, number | null, string[], boolean]>([
    ['nothing without a rule', null, null, [], false],
    ['what is too old and not needed, oldest first', 30, null, ['b', 'd'], false],
    ['the longest unused until the rest fits', null, 25, ['b', 'd'], false],
    ['by size what age had left', 35, 15, ['b', 'd', 'a'], false],
    ['nothing that is needed, however large', null, 5, ['b', 'd', 'a'], true],
    ['everything that is not needed at an age of nothing', 0, null, ['b', 'd', 'a'], false],
  ])('removes %s', (_, olderThanDays, maxBytes, removed, tooLarge) => {
    const plan = planPrune(items, { nowMs, olderThanDays, maxBytes });
    expect(paths(plan.remove)).toEqual(removed);
    expect(plan.tooLarge).toBe(tooLarge);
    expect(plan.bytes).toBe(40 - 10 * removed.length);
  });

  const anyItem = fc.record<Prunable>({
    kind: fc.constantFrom('proof', 'attempt', 'tree-proof', 'leftover'),
    path: fc.string(),
    bytes: fc.nat(1000),
    usedAtMs: fc.nat(nowMs),
    needed: fc.constantFrom(null, 'the closure'),
  });

  it('never removes what is needed, loses nothing, and does not depend on the order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyItem, { selector: ({ path }) => path }),
        fc.option(fc.nat(1000)),
        fc.option(fc.nat(5000)),
        (all, olderThanDays, maxBytes) => {
          const rules = { nowMs, olderThanDays, maxBytes };
          const plan = planPrune(all, rules);
          expect(plan.remove.filter(({ needed }) => needed !== null)).toEqual([]);
          expect(paths([...plan.remove, ...plan.keep]).sort()).toEqual(paths(all).sort());
          expect(planPrune([...all].reverse(), rules)).toEqual(plan);
          if (maxBytes !== null && !plan.tooLarge) expect(plan.bytes).toBeLessThanOrEqual(maxBytes);
        },
      ),
    );
  });
});

describe('sizes', () => {
  it.each([
    ['500', 500],
    ['1KB', 1024],
    ['1.5 GB', 1.5 * 2 ** 30],
    ['2tb', 2 * 2 ** 40],
    ['-1', null],
    ['many', null],
    ['1 EB', null],
    ['', null],
  ])('reads %j as %j', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KB'],
    [3 * 2 ** 30, '3 GB'],
  ])('shows %d as %s', (bytes, text) => expect(showSize(bytes)).toBe(text));
});
