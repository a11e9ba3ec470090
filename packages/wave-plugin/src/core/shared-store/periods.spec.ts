import { defaultPeriods, periodsOf } from './periods';

const standing = {
  waitMinutes: 120,
  periods: { beat: 60, lost: 120, end: 30, dead: 180, poll: 10, checkpoint: 300 },
};

it('the periods of a configuration that sets none are those of the contract', () => {
  expect(periodsOf(standing)).toEqual({ ok: true, value: defaultPeriods });
});

it('seconds and minutes become milliseconds, and shorter beats are tried again sooner', () => {
  const short = { beat: 1, lost: 3, end: 1, dead: 5, poll: 0.5, checkpoint: 2 };
  expect(periodsOf({ waitMinutes: 0.5, periods: short })).toMatchObject({
    ok: true,
    value: { beatMs: 1_000, deadMs: 5_000, pollMs: 500, checkpointMs: 2_000, retryMs: 500, waitMs: 30_000 },
  });
});

it.each([
  ['would let two machines pay at once', { lost: 160 }, /together have to be less than store.periods.dead/],
  [
    'would lose each claim before its first beat',
    { beat: 120 },
    /beat .* has to be less than store.periods.lost/,
  ],
])('periods that %s are refused', (_, changed, told) => {
  const refused = periodsOf({ ...standing, periods: { ...standing.periods, ...changed } });
  expect(refused).toMatchObject({ ok: false, error: { code: 'store-periods-invalid' } });
  expect(refused.ok ? '' : refused.error.message).toMatch(told);
});
