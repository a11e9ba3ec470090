import fc from 'fast-check';
import {
  addSpending,
  countByCaps,
  describeSpending,
  describeUncounted,
  describeWaveExcess,
  knownUsd,
  nothingSpent,
  spendingOf,
  untoldSpending,
  type Spending,
} from './spending';

const usage = (tokens: number, usd: number | null) => ({
  inputTokens: tokens,
  outputTokens: 0,
  cachedTokens: 0,
  usd,
  estimated: false,
});
const none = { usd: null, tokens: null, minutes: null };

describe('the spending of a wave', () => {
  const spending = fc
    .tuple(
      fc.option(fc.tuple(fc.nat(9_999), fc.option(fc.nat(99), { nil: null })), { nil: null }),
      fc.nat(99_999),
    )
    .map(([used, ms]): Spending => spendingOf(used === null ? null : usage(...used), ms));

  it('is the same sum in whatever order its runs are added', () => {
    fc.assert(
      fc.property(fc.array(spending), (runs) => {
        const sum = (all: Spending[]) => all.reduce(addSpending, nothingSpent);
        expect(sum([...runs].reverse())).toEqual(sum(runs));
      }),
    );
  });

  it('never shrinks, and a cap that is reached stays reached, whatever comes on top', () => {
    fc.assert(
      fc.property(spending, spending, fc.nat(99), (before, more, usd) => {
        const budget = { usd, tokens: 5_000, minutes: 1 };
        const after = addSpending(before, more);
        expect(
          describeWaveExcess(before, budget) === null || describeWaveExcess(after, budget) !== null,
        ).toBe(true);
      }),
    );
  });

  it.each<[string, Spending, number | null]>([
    ['nothing', nothingSpent, 0],
    ['a price', spendingOf(usage(9, 2), 1), 2],
    ['tokens without a price', addSpending(spendingOf(usage(9, 2), 1), spendingOf(usage(9, null), 1)), null],
    ['a cap for what was not told', untoldSpending({ tokens: null, usd: 3 }, 1), 3],
    ['nothing for what was not told', untoldSpending({ tokens: 9, usd: null }, 1), null],
  ])('is known in dollars for %s, or is not', (_, spent, usd) => {
    expect(knownUsd(spent)).toBe(usd);
  });

  it('counts the part whose price is known against the money, and says that there is another', () => {
    const both = addSpending(spendingOf(usage(100, 2), 60_000), spendingOf(usage(100, null), 60_000));
    expect(describeWaveExcess(both, { ...none, usd: 2 })).toBe('its wave has used $2.00 of $2');
    expect(describeSpending(both, { ...none, usd: 2 })).toBe(
      '200 in, 0 out, $2.00, 2 min; the price of a part is unknown (budget: $2)',
    );
  });

  it('says where nobody knows what is left, until a cap says what the unknown part counts as', () => {
    const silent = untoldSpending({ tokens: null, usd: 3 }, 60_000);
    expect(silent.usage?.usd).toBe(3);
    expect(describeUncounted(silent, { ...none, usd: 5, minutes: 9 })).toBeNull();
    expect(describeUncounted(silent, { ...none, tokens: 900 })).toContain('left of 900 tokens is not known');
    const capped = countByCaps(silent, { tokens: 500, usd: 7 });
    expect(capped).toMatchObject({ usage: { inputTokens: 500, usd: 3 }, uncounted: { tokens: false } });
    expect(describeUncounted(capped, { ...none, tokens: 900 })).toBeNull();
    expect(countByCaps(capped, { tokens: 500, usd: 7 })).toEqual(capped);
  });

  it.each([
    [{ ...none, tokens: 100 }, 'its wave has used 100 of 100 tokens'],
    [{ ...none, tokens: 101 }, null],
    [{ ...none, minutes: 0.5 }, 'its wave has used 0.5 of 0.5 minutes'],
    [none, null],
  ])('is held against %j', (budget, words) => {
    expect(describeWaveExcess(spendingOf(usage(100, null), 30_000), budget)).toBe(words);
  });
});
