import { nextUlid } from './ulid';

const random = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

describe('nextUlid', () => {
  it('encodes time and randomness in 26 characters', () => {
    expect(nextUlid({ nowMs: 1_469_918_176_385, random: new Uint8Array(10), after: null })).toBe(
      '01ARYZ6S410000000000000000',
    );
  });

  it('sorts a later entry after an earlier one', () => {
    const first = nextUlid({ nowMs: 1_000, random, after: null });
    expect(nextUlid({ nowMs: 1_001, random: new Uint8Array(10), after: first }) > first).toBe(true);
  });

  it.each([
    ['the clock went back', 999],
    ['two entries fall into one millisecond', 1_000],
  ])('comes right after the last entry when %s', (_case, nowMs) => {
    const last = nextUlid({ nowMs: 1_000, random, after: null });
    const next = nextUlid({ nowMs, random: new Uint8Array(10), after: last });
    expect(next > last).toBe(true);
    expect(next).toHaveLength(26);
  });
});
