import { elapsed, isLost, isSilent, observe } from './silence';
import { defaultPeriods } from './periods';

it('a version is silent since it was first seen, whatever is seen of it again', () => {
  const first = observe(null, { tag: 'a', steadyMs: 1_000 });
  const again = observe(first, { tag: 'a', steadyMs: 180_000 });
  expect(isSilent(again, { steadyMs: 180_999, deadMs: 180_000 })).toBe(false);
  expect(isSilent(again, { steadyMs: 181_000, deadMs: 180_000 })).toBe(true);
  expect(
    isSilent(observe(again, { tag: 'b', steadyMs: 181_000 }), { steadyMs: 181_001, deadMs: 180_000 }),
  ).toBe(false);
});

it.each([
  ['the steady clock', { wallMs: 0, steadyMs: 120_000 }],
  ['the wall clock, where a machine has slept', { wallMs: 120_000, steadyMs: 10 }],
  ['the steady clock, where the other was set back', { wallMs: -3_600_000, steadyMs: 120_000 }],
])('a holder counts its loss by %s', (_, now) => {
  const sent = { wallMs: 0, steadyMs: 0 };
  expect(elapsed(sent, now)).toBe(120_000);
  expect(isLost(sent, now, defaultPeriods)).toBe(true);
});

it('who has lost its claim has ended its agents before anybody takes it', () => {
  const { lostMs, endMs, deadMs } = defaultPeriods;
  expect(lostMs + endMs).toBeLessThan(deadMs);
});
