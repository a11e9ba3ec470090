import { buildWave } from '../../testing/resolved';
import { simulateWave } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import { planRetry } from './plan-retry';
import { parseSuppositions, supposeState } from './what-if';

const wave = () =>
  buildWave([implementer('A1'), implementer('A2'), steward('integration'), steward('cont-qa')]);

function finished() {
  const sim = simulateWave(wave());
  sim.launch(() => ({}));
  return sim.state();
}

function planIf(text: string, state = finished()) {
  const read = parseSuppositions(text, state);
  if (!read.ok) throw new Error(read.error.message);
  const { invalidated, human_inputs_blocking, resume_from_stage } = planRetry(
    supposeState(state, read.value),
  );
  const agents = invalidated.map((task) => task.replace('wave-3:agent-', '').toUpperCase());
  return { agents, human: human_inputs_blocking, stage: resume_from_stage };
}

describe('--what-if', () => {
  it.each([
    ['A2 fails', { agents: ['A2'], human: [], stage: 'implementation' }],
    ['A2 fails, A8 blocked', { agents: ['A2'], human: [], stage: 'implementation' }],
    ['A8 blocked', { agents: [], human: ['review:A8'], stage: 'cont-qa' }],
    ['A8 blocked by A1', { agents: ['A1', 'A8'], human: [], stage: 'implementation' }],
    ['a0 blocked by a1 A2', { agents: ['A0', 'A1', 'A2', 'A8'], human: [], stage: 'implementation' }],
    ['A1 asks', { agents: ['A1'], human: ['A1-question'], stage: 'implementation' }],
    ['A0 passes', { agents: [], human: [], stage: 'none' }],
  ])('plans for %j', (text, expected) => {
    expect(planIf(text)).toEqual(expected);
  });

  it('supposes that what comes before went well, also in a wave that never ran', () => {
    const fresh = simulateWave(wave()).state();
    expect(planIf('A0 blocked by A1', fresh)).toEqual({
      agents: ['A0', 'A1', 'A8'],
      human: [],
      stage: 'implementation',
    });
  });

  it.each([
    '',
    'A77 fails',
    'A1',
    'A1 explodes',
    'A1 blocked A2',
    'A1 blocked by',
    'A1 blocked by A77',
    'A1 constructor',
  ])('refuses %j as a whole, and says what it could be', (text) => {
    const read = parseSuppositions(text, finished());
    expect(read).toMatchObject({ ok: false, error: { code: 'option-invalid' } });
    if (!read.ok) expect(read.error.next).toContain('A1, A2, A8, A0');
  });

  it('leaves the state that it supposes from as it is', () => {
    const state = finished();
    const before = JSON.stringify(state);
    planIf('A2 fails, A0 blocked by A1', state);
    expect(JSON.stringify(state)).toBe(before);
  });
});
