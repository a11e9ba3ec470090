import type { AutopilotEnd } from './next-step';
import { nextWave, type LaneWave } from './next-wave';

const closed: AutopilotEnd = { outcome: 'closed', why: 'closed', detail: 'done', next: null };
const asks: AutopilotEnd = { outcome: 'blocked', why: 'question', detail: 'A1 asks', next: 'answer it' };
const wave = (number: number, more: Partial<LaneWave> = {}): LaneWave => ({
  ...{ wave: `wave-${number}`, landed: false, lands: false, end: null },
  ...more,
});

describe('the next wave of a lane', () => {
  it('is the first in order that its autopilot has not come to', () => {
    const waves = [wave(1, { end: closed }), wave(2), wave(3)];
    expect(nextWave('waves', waves)).toEqual({ step: 'fly', wave: 'wave-2' });
  });

  it('is none after one that does not close, whatever comes after it', () => {
    const waves = [wave(1, { end: asks, lands: true }), wave(2)];
    expect(nextWave('waves', waves)).toEqual({ step: 'end', end: asks });
  });

  it('waits for the landing of the one before, where waves land', () => {
    const waves = [wave(1, { end: closed, lands: true }), wave(2)];
    expect(nextWave('waves', waves)).toEqual({ step: 'land', wave: 'wave-1' });
    const landed = [wave(1, { end: closed, landed: true, lands: true }), wave(2)];
    expect(nextWave('waves', landed)).toEqual({ step: 'fly', wave: 'wave-2' });
  });

  it('is none when all are closed: the first that has not landed is named', () => {
    const waves = [wave(1, { end: closed, landed: true }), wave(2, { end: closed })];
    expect(nextWave('waves', waves)).toMatchObject({
      end: { outcome: 'closed', next: 'nx run wave-2:land' },
    });
    expect(nextWave('waves', [])).toMatchObject({ end: { outcome: 'closed', next: null } });
  });
});
