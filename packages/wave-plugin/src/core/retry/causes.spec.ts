import type { GateReason, Verdict } from '@nx-wave/schemas';
import { buildExecutor, buildWave } from '../../testing/resolved';
import { simulateWave } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import type { UnitState, WaveState } from '../state/wave-state';
import { findCauses, type Causes } from './causes';
import { planRetry } from './plan-retry';
import { retryEntry } from './retry-entry';
import { whyResuming } from './why-resuming';

const executor = buildExecutor(
  'codex',
  {},
  { retryPolicy: 'fallback-allowed', fallbacks: ['codex', 'claude'] },
);
const pass = (unitId: string) => implementer(unitId, { agentId: 'A4', executor });
const wave = buildWave([
  ...['A2', 'A1', 'A3'].map((id) => implementer(id, { executor })),
  pass('A4-api'),
  pass('A4-ui'),
  steward('security'),
  steward('integration'),
  steward('cont-qa'),
]);
const finished = (() => {
  const sim = simulateWave(wave);
  sim.launch(() => ({}));
  return sim.state();
})();

/** The finished wave with these changes of its units; `reasons` stop its implementation stage. */
function stateWith(
  units: Record<string, Partial<UnitState>>,
  reasons: readonly GateReason[] = [],
  more: Partial<WaveState> = {},
): WaveState {
  const verdict: Verdict = {
    ...{ schemaVersion: 1, wave: 'wave-3', stage: 'implementation', ok: false, upstream: null },
    ...{ agents: [], reasons: [...reasons], advisories: [] },
  };
  return {
    ...finished,
    units: finished.units.map((unit) => ({ ...unit, ...units[unit.unitId] })),
    verdicts: reasons.length > 0 ? [verdict] : [],
    ...more,
  };
}

const reason = (more: Partial<GateReason>): GateReason => ({
  ...{ gate: 'some', code: 'some-code', detail: 'So it is.', agentIds: [], paths: [], command: null },
  ...more,
});
const proofOf = (unitId: string, workKey: string) => {
  const proof = finished.units.find((unit) => unit.unitId === unitId)?.proof;
  if (!proof) throw new Error(unitId);
  return { ...proof, workKey };
};
function causesOf(...args: Parameters<typeof findCauses>) {
  const { rerun, humanInputs } = findCauses(...args);
  return [[...rerun].sort(), humanInputs];
}

describe('who runs again', () => {
  it('is a slice that is not proven, though no gate has spoken of it yet', () => {
    expect(causesOf(stateWith({ A2: { status: 'failed', proof: null } }), {})).toEqual([['A2'], []]);
  });

  it.each([
    ['A4', ['A4-api', 'A4-ui']],
    ['A4-api', ['A4-api']],
    ['A5', []],
  ])('is every pass of an agent that a person names, and the one pass: %s', (id, rerun) => {
    expect(causesOf(stateWith({}), { agents: [id] })).toEqual([rerun, []]);
  });

  it('is each of several that a person names', () => {
    expect(causesOf(stateWith({}), { agents: ['A2', 'A4-ui'] })).toEqual([['A2', 'A4-ui'], []]);
    expect(causesOf(stateWith({}), { agents: [] })).toEqual([[], []]);
  });

  it.each([
    ['A4', ['A4-ui']],
    ['A4-api', ['A4-api']],
    ['A5', []],
  ])('is the pass that owns the implementation where an agent is blamed: %s', (id, rerun) => {
    expect(causesOf(stateWith({}, [reason({ agentIds: [id], repair: 'rerun' })]), {})).toEqual([rerun, []]);
  });

  it.each<[string, Partial<UnitState>, string[]]>([
    ['one that never ran', {}, []],
    ['one that ran', { attempts: 1 }, ['A2']],
    ['one whose proof was made elsewhere', { proof: proofOf('A2', 'a'), status: 'proven' }, ['A2']],
    ['one that was asked to run again before', { epoch: '01J' }, ['A2']],
  ])('is blamed only where it has run: %s', (_who, unit, rerun) => {
    const never = { attempts: 0, proof: null, epoch: null, status: 'never-run' as const };
    const state = stateWith({ A2: { ...never, ...unit } }, [reason({ agentIds: ['A2'], repair: 'rerun' })]);
    expect(causesOf(state, {})).toEqual([rerun, []]);
  });

  it.each<[string, Partial<GateReason>, [string[], string[]]]>([
    ['waits, whomever it names', { agentIds: ['A1'], repair: 'wait' }, [[], []]],
    ['says nothing of repair and names somebody', { agentIds: ['A1'] }, [['A1'], []]],
    ['says nothing of repair and names nobody', {}, [[], ['review:some']]],
    ['is for people', { agentIds: ['A1'], repair: 'human' }, [[], ['review:A1']]],
    ['is for owners and names none', { agentIds: ['A0'], repair: 'owners' }, [[], ['review:A0']]],
    ['is for owners and of nobody', { owners: ['A2'], repair: 'owners' }, [['A2'], []]],
    [
      'names as owner one of those who judge',
      { agentIds: ['A8', 'A0'], owners: ['A8'], repair: 'owners' },
      [[], ['review:A8']],
    ],
  ])('is told by a reason that %s', (_what, said, expected) => {
    expect(causesOf(stateWith({}, [reason(said)]), {})).toEqual(expected);
  });

  it('is told by proving the merged tree once every stage has passed', () => {
    const red = reason({ gate: 'merge', code: 'merge-red', agentIds: ['A1'], repair: 'rerun' });
    const prove = { ok: false, tree: null, reasons: [red] };
    expect(causesOf(stateWith({}, [], { prove }), {})).toEqual([['A1'], []]);
    expect(causesOf(stateWith({}, [], { prove: null }), {})).toEqual([[], []]);
  });

  it('is nobody for a reason that only repeats an open question', () => {
    const questions = [{ requestId: 'q1', agentId: 'A2', summary: 'Which?' }];
    const asking = (id: string) =>
      causesOf(stateWith({}, [reason({ agentIds: [id], repair: 'human' })], { questions }), {});
    expect(asking('A2')).toEqual([[], ['q1']]);
    expect(asking('A1')).toEqual([[], ['q1', 'review:A1']]);
  });

  const [a8, a0] = [{ proof: proofOf('A8', 'key-8') }, { proof: proofOf('A0', 'key-0') }];
  it.each<[string, Record<string, Partial<UnitState>>, [string[], string[]]]>([
    ['one of two judgements', { A2: { repairedFor: ['key-8'] } }, [['A2'], []]],
    ['both judgements', { A2: { repairedFor: ['key-8', 'key-0'] } }, [[], ['review:A8']]],
    [
      'both, and its answer is not there yet',
      { A2: { repairedFor: ['key-8', 'key-0'], proof: null, status: 'waiting' } },
      [['A2'], []],
    ],
    [
      'both, of which one does not stand today',
      { A2: { repairedFor: ['key-8', 'key-0'] }, A0: { proof: null, status: 'waiting' } },
      [['A2'], []],
    ],
  ])('is an owner until it has answered to each judgement of today: %s', (_what, units, expected) => {
    const said = reason({ agentIds: ['A8', 'A0'], owners: ['A2'], repair: 'owners' });
    expect(causesOf(stateWith({ A8: a8, A0: a0, ...units }, [said]), {})).toEqual(expected);
  });
});

describe('why a wave is resumed', () => {
  const causes = (more: Partial<Causes> = {}): Causes => ({
    ...{ rerun: new Set(), humanInputs: [], judged: [] },
    ...more,
  });
  const unproven = (status: UnitState['status']) => ({ status, proof: null, failures: [] });
  const wait = reason({ repair: 'wait' });

  it.each<[string, WaveState, Causes, string[], string]>([
    ['it has landed', stateWith({}, [], { landed: true }), causes(), [], 'landed: the wave has landed;'],
    [
      'people are asked',
      stateWith({}),
      causes({ humanInputs: ['b', 'a', 'b'] }),
      [],
      'human-request: a person is asked for a, b',
    ],
    ['people ask', stateWith({}), causes(), ['A2', 'A1'], 'requested: A1, A2 shall run again'],
    [
      'slices failed',
      stateWith({
        A2: { ...unproven('failed'), failures: [{ code: 'agent-exit', message: 'It ended.' }] },
        A1: unproven('interrupted'),
      }),
      causes({ judged: [reason({})] }),
      [],
      'slice-failure: not proven yet: A1 (interrupted), A2 (agent-exit)',
    ],
    [
      'a gate has a reason, whatever else waits',
      stateWith({}),
      causes({ judged: [wait, reason({ code: 'handoff-missing' }), reason({ code: 'red' })] }),
      [],
      'gate-failure: red: So it is.',
    ],
    [
      'agents are running',
      stateWith({ A2: unproven('running'), A1: unproven('running'), A3: unproven('never-run') }),
      causes({ judged: [wait] }),
      [],
      'in-progress: being run right now: A1, A2',
    ],
    [
      'work is left',
      stateWith({ A2: unproven('never-run'), A1: unproven('outdated') }),
      causes({ judged: [wait] }),
      [],
      'work-left: not run yet on the present inputs: A1, A2',
    ],
  ])('is said: %s', (_why, state, found, agents, expected) => {
    expect(whyResuming(state, found, { agents }).slice(0, expected.length)).toBe(expected);
    if (agents.length === 0)
      expect(whyResuming(state, found, {})).toBe(whyResuming(state, found, { agents: [] }));
  });
});

describe('a plan and its entry', () => {
  const quota = { code: 'agent-quota', message: 'Used up.' };
  const limited = (codes = [quota]) => ({ status: 'failed' as const, proof: null, failures: codes });

  it('name agents and what people are asked for in the order of their names, whatever the order of the wave', () => {
    const questions = ['q2', 'q1'].map((requestId) => ({ requestId, agentId: 'A7', summary: 'Which?' }));
    const state = stateWith({ A2: limited(), A1: limited(), A3: limited() }, [], { questions });
    const plan = planRetry(state);
    expect(plan.human_inputs_blocking).toEqual(['q1', 'q2']);
    expect(plan.executor_changes).toEqual(
      ['A1', 'A2', 'A3'].map((agentId) => ({ agentId, from: 'codex', to: 'claude' })),
    );
  });

  it.each<[string, Partial<UnitState>, Partial<WaveState>, string[]]>([
    [
      'where one of its failures is the fault of the executor',
      limited([{ code: 'proof-command-failed', message: 'Red.' }, quota]),
      {},
      ['claude'],
    ],
    [
      'never to the same one, though it was not tried',
      { executor: { id: 'codex', sticky: false, fallbacks: ['codex', 'claude'], tried: [] } },
      {},
      ['claude'],
    ],
    ['not where others have the room', {}, { runtimeMixTargets: { claude: 1 } }, []],
  ])('change the executor %s', (_when, unit, more, to) => {
    const busy = { executor: { id: 'claude', sticky: true, fallbacks: [], tried: [] } };
    const state = stateWith({ A1: { ...limited(), ...unit }, A2: busy }, [], more);
    expect(planRetry(state).executor_changes.map((change) => change.to)).toEqual(to);
  });

  it('tell each agent its reasons and records, sorted and once, and nothing to one that has none', () => {
    const record = { kind: 'request' as const, id: 'r1', summary: 'Export it', targets: ['A2'] };
    const open = { record, by: 'A1', waitsFor: ['A2'], waitsForPeople: false, unroutable: [] };
    const said = (code: string, ...agentIds: string[]) => reason({ code, agentIds, repair: 'rerun' });
    const state = stateWith(
      { 'A4-api': limited(), A2: limited() },
      [
        ...[said('zeta', 'A1'), said('alpha', 'A1', 'A3'), said('alpha', 'A1')],
        said('handoff-missing', 'A2', 'A4-api'),
      ],
      { openRecords: [{ ...open, dueStage: 'implementation' }] },
    );
    const plan = planRetry(state);
    const change = (agentId: string) => ({ agentId, from: 'codex', to: 'claude' });
    const entry = retryEntry(
      state,
      { ...plan, executor_changes: [change('A2'), change('A0')] },
      { fresh: false },
    );
    expect(entry).toEqual({
      type: 'retry.applied',
      agents: ['A1', 'A2', 'A3', 'A4-api'],
      fresh: false,
      executorChanges: [change('A2')],
      inbox: [
        { agentId: 'A1', reasons: ['alpha: So it is.', 'zeta: So it is.'], records: [] },
        { agentId: 'A2', reasons: [], records: [{ by: 'A1', record }] },
        { agentId: 'A3', reasons: ['alpha: So it is.'], records: [] },
      ],
    });
  });

  it('tell a pass what is said of it and of its agent, and not what is said of the other pass', () => {
    const said = (code: string, id: string) => reason({ code, agentIds: [id], repair: 'rerun' });
    const state = stateWith({}, [said('agent', 'A4'), said('api', 'A4-api'), said('ui', 'A4-ui')]);
    expect(retryEntry(state, planRetry(state), { fresh: false })?.inbox).toEqual([
      { agentId: 'A4-api', reasons: ['agent: So it is.', 'api: So it is.'], records: [] },
      { agentId: 'A4-ui', reasons: ['agent: So it is.', 'ui: So it is.'], records: [] },
    ]);
  });

  it('name the judgements that an owner answers to, sorted and once, and none that does not stand', () => {
    const said = (...agentIds: string[]) => reason({ agentIds, owners: ['A1'], repair: 'owners' });
    const state = stateWith(
      {
        A8: { proof: proofOf('A8', 'b') },
        A0: { proof: proofOf('A0', 'a') },
        A7: { proof: null, status: 'waiting' },
      },
      [said('A8', 'A0', 'A7'), said('A0'), reason({ agentIds: ['A0'], repair: 'rerun' })],
    );
    const inbox = retryEntry(state, planRetry(state), { fresh: false })?.inbox ?? [];
    expect(inbox.find(({ agentId }) => agentId === 'A1')?.judgements).toEqual(['a', 'b']);
    expect(inbox.find(({ agentId }) => agentId === 'A0')).not.toHaveProperty('judgements');
  });
});
