import { goodPayloads } from '../../testing/envelopes';
import { buildWave } from '../../testing/resolved';
import { simulateWave } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import type { WaveState } from '../state/wave-state';
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

  it('reads names in any case, of a pass by its agent, and owners in the order of their names', () => {
    const passes = ['A4-api', 'A4-ui'].map((id) => implementer(id, { agentId: 'A4' }));
    const state = simulateWave(buildWave([implementer('A1'), ...passes, steward('integration')])).state();
    expect(parseSuppositions(' a4-API   fails ,A4 passes, a8 blocked by a4 A1', state)).toEqual({
      ok: true,
      value: [
        { unitId: 'A4-api', outcome: 'fails', owners: [] },
        { unitId: 'A4-ui', outcome: 'passes', owners: [] },
        { unitId: 'A8', outcome: 'blocked', owners: ['A1', 'A4-ui'] },
      ],
    });
  });

  it.each([
    ['A1  explodes', '"A1 explodes"'],
    ['A8 blocked via A1', '"A8 blocked via A1"'],
    ['A1', '"A1"'],
  ])('says what it does not understand, and of which wave: %j', (text, told) => {
    const read = parseSuppositions(text, finished());
    expect(read).toMatchObject({ ok: false, error: { place: { wave: 'wave-3' } } });
    if (!read.ok) expect(read.error.message).toContain(told);
  });
});

function supposed(text: string, state = finished()): WaveState {
  const read = parseSuppositions(text, state);
  if (!read.ok) throw new Error(read.error.message);
  return supposeState(state, read.value);
}
const unitOf = (state: WaveState, id: string) => state.units.find(({ unitId }) => unitId === id);
const stagesOf = (state: WaveState) => state.verdicts.map(({ stage, ok }) => `${stage} ${ok}`);

describe('the state that is supposed', () => {
  const worked = () => {
    const state = finished();
    return { ...state, units: state.units.map((unit) => ({ ...unit, attempts: 3, lastAttempt: 3 })) };
  };

  it('has a failed slice, a stage that it stops, and nothing behind that stage', () => {
    const state = supposed('A2 fails', worked());
    expect(unitOf(state, 'A2')).toMatchObject({
      ...{ status: 'failed', closureState: 'failed', proof: null, attempts: 3 },
      failures: [{ code: 'supposed-failure', message: 'A2 fails, as supposed.' }],
    });
    expect(stagesOf(state)).toEqual(['implementation false']);
    expect(state.reasons).toEqual([
      {
        ...{ gate: 'handoffs', code: 'handoff-missing', detail: 'A2 has not proven its slice.' },
        ...{ repair: 'rerun', agentIds: ['A2'], paths: [], command: null },
      },
    ]);
    expect(state.closureReady).toBe(false);
    expect(unitOf(state, 'A1')).toEqual(unitOf(worked(), 'A1'));
    expect(unitOf(state, 'A8')).toMatchObject({ status: 'waiting', closureState: 'open', proof: null });
  });

  it('has an agent that asks, and no other question of that agent', () => {
    const questions = ['A1', 'A2'].map((agentId) => ({ requestId: `${agentId}-old`, agentId, summary: '?' }));
    const state = supposed('A1 asks', { ...worked(), questions });
    expect(unitOf(state, 'A1')).toMatchObject({ status: 'asking', closureState: 'open', attempts: 3 });
    expect(state.questions.map(({ requestId }) => requestId)).toEqual(['A2-old', 'A1-question']);
  });

  it('has the proofs that must have been there, and keeps those that are', () => {
    const fresh = supposed('A0 blocked', simulateWave(wave()).state());
    const digest = '0'.repeat(64);
    const { workKey } = unitOf(simulateWave(wave()).state(), 'A1') ?? {};
    expect(unitOf(fresh, 'A1')).toMatchObject({
      ...{ status: 'proven', closureState: 'owned_slice_proven', attempts: 1, failures: [] },
      proof: {
        ...{ unitId: 'A1', workKey, resultDigest: digest, proofDigest: digest },
        proofBundleId: 'wave-3/A1/attempt-1',
      },
    });
    expect(unitOf(fresh, 'A8')?.proof?.workKey).toBe(digest);
    expect(stagesOf(fresh)).toEqual(['implementation true', 'integration true', 'cont-qa false']);
    expect(fresh.reasons).toMatchObject([{ gate: 'cont-qa', repair: 'owners', agentIds: ['A0'], paths: [] }]);
    expect(fresh.reasons[0]).not.toHaveProperty('owners');
    expect(unitOf(supposed('A0 blocked', worked()), 'A1')?.proof).toEqual(unitOf(worked(), 'A1')?.proof);
  });

  it('numbers a proof that is supposed as the last attempt', () => {
    const state = worked();
    const units = state.units.map((unit) => ({ ...unit, proof: null, status: 'failed' as const }));
    const passed = unitOf(supposed('A1 passes', { ...state, units }), 'A1');
    expect(passed).toMatchObject({ attempts: 3, proof: { proofBundleId: 'wave-3/A1/attempt-3' } });
  });

  it('goes as far as it is known: a later stage that has not run has no verdict', () => {
    const fresh = simulateWave(wave()).state();
    expect(stagesOf(supposed('A1 passes, A2 passes', fresh))).toEqual(['implementation true']);
    expect(stagesOf(supposed('A1 passes', fresh))).toEqual(['implementation false']);
  });

  it('takes for passed what stands before the last supposition, whatever the first one is', () => {
    const fresh = simulateWave(wave()).state();
    expect(stagesOf(supposed('A1 passes, A0 blocked', fresh))).toEqual([
      'implementation true',
      'integration true',
      'cont-qa false',
    ]);
  });

  it('has verdicts in the form of those that are stored, which name no handoff and advise nothing', () => {
    expect(supposed('A8 passes', simulateWave(wave()).state()).verdicts).toEqual(
      ['implementation', 'integration'].map((stage) => ({
        ...{ schemaVersion: 1, wave: 'wave-3', stage, ok: true, upstream: null },
        ...{ agents: [], reasons: [], advisories: [] },
      })),
    );
  });

  it('forgets what a stage has said in which something else is supposed of one agent', () => {
    const sim = simulateWave(wave());
    sim.launch(({ unitId }) => (unitId === 'A1' ? { failures: ['agent-exit'] } : {}));
    expect(stagesOf(sim.state())).toEqual(['implementation false']);
    expect(stagesOf(supposed('A1 passes', sim.state()))).toEqual(['implementation true']);
  });

  it('still stops where a later agent has not proven its slice', () => {
    const sim = simulateWave(wave());
    sim.launch(({ unitId }) => (unitId === 'A0' ? { failures: ['agent-exit'] } : {}));
    const state = supposed('A1 passes', sim.state());
    expect(stagesOf(state)).toEqual(['implementation true', 'integration true', 'cont-qa false']);
    expect(planRetry(state).invalidated).toEqual(['wave-3:agent-a0']);
  });

  it('keeps what later stages have said, and what they stopped for', () => {
    const sim = simulateWave(wave());
    const blocked = { ...goodPayloads.integration.integrationState, state: 'needs-more-work' as const };
    sim.launch(({ unitId }) =>
      unitId === 'A8' ? { envelope: { integration: { integrationState: blocked } } } : {},
    );
    const before = sim.state();
    const state = supposed('A1 passes', before);
    expect(stagesOf(state)).toEqual(['implementation true', 'integration false']);
    expect(state.reasons).toEqual(before.reasons);
    expect(state.verdicts[0]?.agents).toEqual(before.verdicts[0]?.agents);
    expect(supposed('A8 passes', before).reasons).toEqual([]);
  });

  it('is as ready to close as the wave is, where all is well', () => {
    expect(supposed('A0 passes')).toMatchObject({ closureReady: true, reasons: [] });
    expect(supposed('A0 passes', { ...finished(), closureReady: false }).closureReady).toBe(false);
  });

  it('keeps what proving the merged tree has found, where every stage passes', () => {
    const red = {
      ...{ gate: 'merge', code: 'merge-red', detail: 'Red.' },
      agentIds: [],
      paths: [],
      command: null,
    };
    const state = { ...finished(), closureReady: false, prove: { ok: false, tree: null, reasons: [red] } };
    expect(supposed('A0 passes', state).reasons).toEqual([red]);
    expect(supposed('A0 passes', { ...finished(), prove: null }).reasons).toEqual([]);
  });
});
