import * as fc from 'fast-check';
import {
  describeAboveLimit,
  describeUnitForecast,
  describeWaveForecast,
  forecastError,
  forecastUnit,
  forecastWave,
  intervalOf,
  scoreForecasts,
  type ForecastSample,
  type ForecastUnit,
} from './forecast';

/** How much wider two values make a range. */
const root2 = 1 + 1 / Math.sqrt(2);

const unit = (more: Partial<ForecastUnit> = {}): ForecastUnit => ({
  ...{ wave: 'wave-2', unitId: 'A1', stage: 'implementation', dependsOn: [], role: 'implementation' },
  ...{ executor: 'codex', model: null, free: false, caps: { usd: null, minutes: null }, certain: true },
  ...more,
});
const sample = (usd: number | null, more: Partial<ForecastSample> = {}): ForecastSample => ({
  ...{ wave: 'wave-1', unitId: 'A9', role: 'implementation', executor: 'codex', model: null },
  ...{ usd, minutes: usd === null ? null : usd * 10 },
  ...more,
});
const own = { wave: 'wave-2', unitId: 'A1' };

describe('the forecast of one agent', () => {
  it.each<[string, Partial<ForecastUnit>, ForecastSample[], string, number[] | null]>([
    ['attempts of its own', {}, [sample(1, own), sample(3)], 'own', [0.5, 1, 2]],
    [
      'its role',
      {},
      [sample(1), sample(3), sample(9, { role: 'design' })],
      'role',
      [1 / root2, 1, 3 * root2],
    ],
    ['its program', {}, [sample(4, { role: 'design' })], 'executor', [2, 4, 8]],
    ['its cap alone', { caps: { usd: 5, minutes: null } }, [], 'caps', [0, 5, 5]],
    ['attempts below its cap', { caps: { usd: 1.5, minutes: null } }, [sample(1)], 'role', [0.5, 1, 1.5]],
    ['nothing', {}, [sample(1, { executor: 'claude' })], 'unknown', null],
    ['another model, which is another price', { model: 'small' }, [sample(1)], 'unknown', null],
    ['attempts of which nobody knows the price', {}, [sample(null)], 'unknown', null],
    ['a free program', { free: true }, [sample(1)], 'free', [0, 0, 0]],
  ])('rests on %s', (_what, more, samples, basis, usd) => {
    const found = forecastUnit(unit(more), samples);
    expect(found.basis).toBe(basis);
    expect(found.usd === null ? null : [found.usd.low, found.usd.likely, found.usd.high]).toEqual(usd);
  });

  const amounts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  it('holds all that was seen, in order, whatever its order was', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const found = intervalOf(values);
        if (found === null) throw new Error('nothing');
        expect(found.low).toBeLessThanOrEqual(Math.min(...values));
        expect(found.high).toBeGreaterThanOrEqual(Math.max(...values));
        expect(values).toContain(found.likely);
        expect(intervalOf([...values].reverse())).toEqual(found);
      }),
    );
  });

  it('is never above its cap, and never out of order', () => {
    fc.assert(
      fc.property(amounts, fc.double({ min: 0, max: 1e6, noNaN: true }), (values, cap) => {
        const { usd } = forecastUnit(
          unit({ caps: { usd: cap, minutes: null } }),
          values.map((one) => sample(one)),
        );
        if (usd === null) throw new Error('nothing');
        expect(usd.low).toBeLessThanOrEqual(usd.likely);
        expect(usd.likely).toBeLessThanOrEqual(usd.high);
        expect(usd.high).toBeLessThanOrEqual(cap);
      }),
    );
  });
});

describe('the forecast of a launch', () => {
  it('adds money, and time along the longest chain', () => {
    const units = [
      unit(),
      unit({ unitId: 'A2', dependsOn: ['A1'] }),
      unit({ unitId: 'A3' }),
      unit({ unitId: 'A4', stage: 'integration', certain: false }),
    ];
    const found = forecastWave(units, [sample(1)]);
    expect(found.usd).toEqual({ low: 1.5, likely: 4, high: 8 });
    expect(found.minutes).toEqual({ low: 10, likely: 30, high: 60 });
    expect(describeWaveForecast(found)).toBe(
      '$1.50 to $8.00, likely $4.00; 10 to 60 min where agents run side by side',
    );
    expect(describeUnitForecast(found.units[0] as never)).toBe(
      '$0.5000 to $2.00, likely $1.00; 5 to 20 min (by agents of the same role, 1 attempt)',
    );
  });

  it('names those of which nothing is known, and ends where agents wait for each other in a circle', () => {
    const units = [
      unit({ dependsOn: ['A2'] }),
      unit({ unitId: 'A2', dependsOn: ['A1'], executor: 'claude' }),
    ];
    const found = forecastWave(units, [sample(1)]);
    expect(found.unknown).toEqual(['A2']);
    expect(describeWaveForecast(found)).toContain('without A2, of which nothing is known');
    expect(describeWaveForecast(forecastWave([], []))).toBe('nothing has to be paid');
  });

  it.each<[string, ForecastSample[], number | null, number, RegExp | null]>([
    ['within its limit', [sample(1)], 0, 1, null],
    ['above it', [sample(1)], 0, 0.5, /likely to cost \$1\.00, and the limit is \$0\.5$/],
    ['above it with what is spent', [sample(1)], 2, 2.5, /\$3\.00 \(\$2\.00 of it spent\)/],
    ['after what nobody knows', [sample(1)], null, 100, /nobody can tell what its wave has cost so far/],
    ['of unknown cost', [], 0, 100, /nobody can tell what A1 will cost/],
  ])('is judged %s', (_what, samples, spentUsd, limitUsd, said) => {
    const found = describeAboveLimit(forecastWave([unit()], samples), { spentUsd, limitUsd });
    if (said === null) expect(found).toBeNull();
    else expect(found).toMatch(said);
  });

  it('is compared with what came', () => {
    const interval = { low: 1, likely: 2, high: 4 };
    expect(forecastError(interval, 4)).toEqual({ inside: true, ratio: 2 });
    expect(forecastError(interval, 5)).toMatchObject({ inside: false });
    expect(forecastError({ low: 0, likely: 0, high: 0 }, 0)).toEqual({ inside: true, ratio: null });
    expect(forecastError(null, 1)).toBeNull();
    expect(forecastError(interval, null)).toBeNull();
  });

  it('is scored over many attempts', () => {
    const errors = [
      { inside: true, ratio: 1 },
      null,
      { inside: false, ratio: 3 },
      { inside: true, ratio: null },
    ];
    expect(scoreForecasts(errors)).toEqual({ forecasts: 3, inside: 2 / 3, ratio: 1 });
    expect(scoreForecasts([])).toEqual({ forecasts: 0, inside: null, ratio: null });
  });
});
