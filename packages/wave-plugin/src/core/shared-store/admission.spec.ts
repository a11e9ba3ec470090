import { admissionSchema, type Admission, type Amounts, type Claim } from '@nx-wave/schemas';
import fc from 'fast-check';
import {
  decideAdmit,
  decideClose,
  decideMove,
  decideRenew,
  exceeded,
  firstReservation,
  judgeEntry,
  nextReservation,
  noAmounts,
} from './admission';

const usd = (amount: number | null): Amounts => ({ ...noAmounts, usd: amount });
const id = (name: string, gen = 1) => ({ workKey: name.repeat(64), gen, token: name });
const limits = (budget: number | null, places: number | null = null) => ({ budget: usd(budget), places });

function admitted(stored: Admission | null, name: string, reserve: number): Admission {
  const step = decideAdmit(stored, { ...id(name), reserve: usd(reserve), limits: limits(100) });
  if (step.do !== 'write') throw new Error(step.do);
  return admissionSchema.parse({ ...step.body, op: 'op' });
}

describe('the admission of a wave', () => {
  it.each<[string, number | null, number | null, number, string]>([
    ['there is room', 10, null, 2, 'admitted'],
    ['nothing is limited', null, null, 2, 'admitted'],
    ['another has what is left', 10, null, 7, 'waits'],
    ['all places are taken', 10, 1, 2, 'waits'],
  ])('beside an open entry of $4, where %s', (_, budget, places, reserve, is) => {
    const stored = admitted(null, 'a', 4);
    const step = decideAdmit(stored, { ...id('b'), reserve: usd(reserve), limits: limits(budget, places) });
    expect('landed' in step ? step.landed.is : step.why.is).toBe(is);
  });

  it('is spent where nothing is open and what is left does not do', () => {
    const closed = decideClose(admitted(null, 'a', 4), { ...id('a'), used: usd(3.5) });
    expect(
      decideAdmit('body' in closed ? closed.body : null, { ...id('b'), reserve: usd(1), limits: limits(4) }),
    ).toMatchObject({ do: 'stop', why: { is: 'spent', left: 0.5, wanted: 1 } });
  });

  it('takes and closes an entry once, however often it is asked', () => {
    const stored = admitted(null, 'a', 4);
    expect(decideAdmit(stored, { ...id('a'), reserve: usd(4), limits: limits(4) }).do).toBe('done');
    const closed = decideClose(stored, { ...id('a'), used: usd(1) });
    const after = 'body' in closed ? closed.body : null;
    expect(decideClose(after, { ...id('a'), used: usd(3) }).do).toBe('done');
    expect(decideAdmit(after, { ...id('a'), reserve: usd(1), limits: limits(9) })).toMatchObject({
      why: { is: 'closed' },
    });
  });

  it('charges all that was reserved where nobody knows what was used', () => {
    const closed = decideClose(admitted(null, 'a', 4), { ...id('a'), used: null });
    expect(closed).toMatchObject({ body: { entries: [{ open: false, used: usd(4) }] } });
  });

  it('keeps one closed entry of each work key, with the sum', () => {
    const first = decideClose(admitted(null, 'a', 4), { ...id('a'), used: usd(1) });
    const again = decideAdmit('body' in first ? first.body : null, {
      ...id('a', 2),
      reserve: usd(4),
      limits: limits(100),
    });
    const second = decideClose('body' in again ? again.body : null, { ...id('a', 2), used: usd(2) });
    expect(second).toMatchObject({ body: { entries: [{ gen: 2, used: usd(3) }] } });
  });

  it('reserves the cap of an agent, at most the budget, or a step of it', () => {
    expect(firstReservation(usd(3), usd(10))).toEqual(usd(3));
    expect(firstReservation(usd(30), usd(10))).toEqual(usd(10));
    expect(firstReservation(usd(null), usd(10))).toEqual(usd(0.5));
    expect(firstReservation(usd(3), usd(null))).toEqual(usd(null));
  });

  it('asks for more before it is used up, and takes what there is', () => {
    const now = { used: usd(0.4), reserved: usd(0.5), largest: usd(0.2) };
    expect(nextReservation(now, usd(null), usd(10))).toEqual(usd(1));
    expect(nextReservation({ ...now, used: usd(0.05) }, usd(null), usd(10))).toBeNull();
    expect(nextReservation(now, usd(0.5), usd(10))).toBeNull();
    const stored = admitted(admitted(null, 'a', 0.5), 'b', 9.2);
    const ask = { ...id('a'), used: usd(0.4), reserve: usd(1), limits: limits(10) };
    const renewed = decideRenew(stored, ask);
    expect(renewed).toMatchObject({ do: 'write', landed: { is: 'renewed' } });
    const reserved =
      'landed' in renewed && renewed.landed.is === 'renewed' ? renewed.landed.reserved.usd : null;
    expect(reserved).toBeCloseTo(0.8);
    expect(decideRenew('body' in renewed ? renewed.body : null, ask)).toMatchObject({ why: { is: 'spent' } });
    expect(exceeded(usd(0.8), usd(0.8))).toBe('usd');
  });

  it('takes an entry along when its claim was made anew', () => {
    const moved = decideMove(admitted(null, 'a', 4), {
      workKey: id('a').workKey,
      token: 'a',
      from: 1,
      to: 2,
      reserve: usd(4),
      limits: limits(10),
    });
    expect(moved).toMatchObject({ body: { entries: [{ gen: 2, open: true }] } });
  });

  it.each<[string, Partial<Claim>, { silent?: boolean; dead?: boolean }, string]>([
    ['held by it', { gen: 2, state: 'held' }, {}, 'keep'],
    ['held by it, and silent', { gen: 2, state: 'held' }, { silent: true }, 'expire'],
    ['held by it, and dead', { gen: 2, state: 'held' }, { dead: true }, 'expire'],
    ['free after it', { gen: 2, state: 'free' }, {}, 'close'],
    ['held by the next', { gen: 3, state: 'held' }, {}, 'close'],
    ['an earlier one, as an old view shows it', { gen: 1, state: 'free' }, { dead: true }, 'keep'],
  ])('an entry of generation 2, whose claim is %s', (_, claim, seen, what) => {
    const stored = { starts: [], holder: null, ...claim } as unknown as Claim;
    expect(judgeEntry(id('a', 2), stored, { silent: false, dead: false, ...seen }).do).toBe(what);
  });

  it('properties: what is open never reserves more than the budget, whoever comes when', () => {
    const move = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      is: fc.constantFrom('admit', 'renew', 'close'),
      amount: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        let stored: Admission | null = null;
        for (const { name, is, amount } of moves) {
          const ask = { ...id(name), reserve: usd(amount), used: usd(0), limits: limits(10, 2) };
          const step: { do: string; body?: Admission } =
            is === 'admit'
              ? decideAdmit(stored, ask)
              : is === 'renew'
                ? decideRenew(stored, ask)
                : decideClose(stored, { ...ask, used: usd(amount / 8) });
          stored = step.body ?? stored;
          const open = (stored?.entries ?? []).filter((entry) => entry.open);
          expect(open.length).toBeLessThanOrEqual(2);
          const taken = (stored?.entries ?? []).reduce(
            (sum, entry) => sum + ((entry.open ? entry.reserved.usd : entry.used?.usd) ?? 0),
            0,
          );
          expect(taken).toBeLessThanOrEqual(10 + 1e-6);
        }
      }),
    );
  });
});
