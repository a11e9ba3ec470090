// About engine/agent/forecast-costs.ts, store-forecast.ts and attempt-cost.ts: real processes, a program that costs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localAdapter } from '../../adapters/local.adapter';
import { type ForecastRecord } from '../../core/forecast';
import { planLines } from '../../core/views/plan';
import { paidProgram } from '../../testing/paid-program';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { type RigAgent } from '../../testing/rig-wave';
import { planWave } from '../wave/plan-wave';

const paid = (id: string, cents: number): RigAgent => ({
  ...{ id, executorId: 'paid', command: null },
  does: `console.log(JSON.stringify({ tokens: 100, cents: ${cents} })); write('src/${id}.txt', 'done');`,
});
const limited = (rig: WaveRig, usd: string) => ({ env: { ...rig.env, NX_WAVE_MAX_USD: usd } });

async function planned(rig: WaveRig, overrides = {}) {
  const session = await rig.session(rig.edges(overrides));
  const plan = session.ok ? await planWave(session.value) : null;
  if (plan?.ok !== true) throw new Error('no plan');
  return plan.value.plan;
}

describe('the forecast of a wave', () => {
  it('rests on what earlier agents cost, is kept with what came, and stops a launch above a limit', async () => {
    await using rig = createWaveRig({
      agents: [paid('A1', 100), paid('A2', 150)],
      adapters: [paidProgram, localAdapter],
    });
    // Nothing is known of anybody: paying fails closed, and without a limit nothing is refused.
    const first = await planned(rig, limited(rig, '100'));
    expect(first.units.map(({ action }) => action)).toEqual(['refused', 'refused']);
    expect(first.units[0]?.problems).toMatchObject([{ code: 'wave-forecast' }]);
    expect((await planned(rig)).forecast).toMatchObject({ usd: null, unknown: ['A1', 'A2'] });
    expect((await rig.agent('A1')).failures).toEqual([]);
    const plan = await planned(rig);
    expect(plan.forecast).toMatchObject({ unknown: [], usd: { low: 0.5, likely: 1, high: 2 } });
    expect(planLines(plan).join('\n')).toContain('A2: $0.5000 to $2.00, likely $1.00');
    const [within, above] = await Promise.all([
      planned(rig, limited(rig, '2')),
      planned(rig, limited(rig, '1.9')),
    ]);
    expect(within.units.map(({ action }) => action)).toEqual(['reuse', 'run']);
    expect(above.units[1]).toMatchObject({ action: 'refused', problems: [{ code: 'wave-forecast' }] });
    expect((await rig.agent('A2')).failures).toEqual([]);
    const record = JSON.parse(
      readFileSync(join(rig.root, '.git/nx-wave/forecasts/wave-1/A2-1.json'), 'utf8'),
    ) as ForecastRecord;
    expect(record).toMatchObject({
      forecast: { basis: 'role', samples: 1 },
      came: { usd: 1.5 },
      error: { usd: { inside: true, ratio: 1.5 } },
    });
  });

  it('refuses the task itself before it pays, and a limit that is no amount', async () => {
    await using rig = createWaveRig({ agents: [paid('A1', 100)], adapters: [paidProgram, localAdapter] });
    for (const [usd, code] of [
      ['0.5', 'wave-forecast'],
      ['much', 'option-invalid'],
    ] as const) {
      const ended = await rig.agent('A1', limited(rig, usd));
      expect([ended.failures[0]?.code, ended.ran]).toEqual([code, {}]);
    }
  });
});
