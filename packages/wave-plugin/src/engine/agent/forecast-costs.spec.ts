import { buildWave } from '../../testing/resolved';
import { implementer } from '../../testing/stewards';
import type { Session } from '../session/session';
import { likelyLimit } from './forecast-costs';

const limitOf = (variable: string | undefined, maxUsd: number | null) =>
  likelyLimit({
    edges: { env: variable === undefined ? {} : { NX_WAVE_MAX_USD: variable } },
    wave: buildWave([implementer('A1')], { maxUsd }),
  } as unknown as Session);

describe('what a wave may be likely to cost', () => {
  it.each([
    [undefined, null, null],
    ['', null, null],
    [undefined, 5, { usd: 5, from: 'budget.maxUsd' }],
    ['7', null, { usd: 7, from: 'NX_WAVE_MAX_USD' }],
    ['7', 5, { usd: 5, from: 'budget.maxUsd' }],
    ['3.5', 5, { usd: 3.5, from: 'NX_WAVE_MAX_USD' }],
    ['0', 5, { usd: 0, from: 'NX_WAVE_MAX_USD' }],
  ])('with the variable %j and %j in the configuration is %j: the lower one', (variable, maxUsd, value) => {
    expect(limitOf(variable, maxUsd)).toEqual({ ok: true, value });
  });

  it.each(['much', '-1', '1e3', 'NaN'])(
    'is refused where the variable is %s, whatever is configured',
    (text) => {
      expect(limitOf(text, 5)).toMatchObject({ ok: false, error: { code: 'option-invalid' } });
    },
  );
});
