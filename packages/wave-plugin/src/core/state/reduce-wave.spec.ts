import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskSchema, type RetryPlan } from '@nx-wave/schemas';
import { canonicalJson, failure } from '@nx-wave/schemas/plain';
import fc from 'fast-check';
import { goodPayloads } from '../../testing/envelopes';
import { buildWave } from '../../testing/resolved';
import { simulateWave, type Deed } from '../../testing/simulated-wave';
import { component, implementer, steward } from '../../testing/stewards';
import { planRetry } from '../retry/plan-retry';
import { reduceWave } from './reduce-wave';
import type { WaveEvidence } from './wave-evidence';
import type { WaveState } from './wave-state';

const order = component('order-intake');
const wave = () => ({
  ...buildWave([
    implementer('A1', { components: [order] }),
    implementer('A2', { dependsOn: ['A1'] }),
    steward('integration'),
    steward('cont-qa'),
  ]),
  promotions: [order],
});
const proves: Deed = {
  envelope: {
    implementation: {
      docDelta: { state: 'none', paths: [], detail: null },
      components: [{ componentId: 'order-intake', level: 'baseline-proved', state: 'met', detail: null }],
    },
    facts: [{ factId: 'unit', kind: 'decision', content: 'Amounts are cents.' }],
  },
};

function after(deeds: Record<string, Deed>) {
  const sim = simulateWave(wave());
  sim.launch((unit) => deeds[unit.unitId] ?? (unit.unitId === 'A1' ? proves : {}));
  return sim;
}

const statuses = (state: WaveState) =>
  Object.fromEntries(state.units.map(({ unitId, status }) => [unitId, status]));

describe('reduceWave', () => {
  it('begins with nothing run and what builds on nothing waiting', () => {
    const state = simulateWave(wave()).state();
    expect(statuses(state)).toEqual({ A1: 'never-run', A2: 'waiting', A8: 'waiting', A0: 'waiting' });
    expect(state).toMatchObject({ phase: 'implementation', state: 'running', closureReady: false });
  });

  it.each<[string, Deed]>([
    ['failed', { failures: ['agent-exit'] }],
    ['was cut off', { interrupted: true }],
  ])(
    'says that an agent runs, also where its last attempt %s, but not of the one that has just failed',
    (_, deed) => {
      const sim = after({ A1: deed });
      const unit = (more: Partial<WaveEvidence>) =>
        reduceWave({ ...sim.evidence(), running: ['A1'], ...more }).units.find(
          ({ unitId }) => unitId === 'A1',
        );
      expect(unit({})?.status).toBe('running');
      const failures = [{ unitId: 'A1', failures: [failure('agent-exit', 'It ended.')] }];
      expect(unit({ failures })?.status).toBe('failed');
    },
  );

  it.each<[string, Record<string, Deed>, Partial<WaveState>, Record<string, string>]>([
    [
      'everything went well',
      {},
      { phase: 'ready', state: 'running', closureReady: true },
      { A1: 'proven', A2: 'proven', A8: 'proven', A0: 'proven' },
    ],
    [
      'a slice failed',
      { A1: { failures: ['agent-exit'] } },
      { phase: 'implementation' },
      { A1: 'failed', A2: 'waiting', A8: 'waiting', A0: 'waiting' },
    ],
    [
      'an attempt was cut off',
      { A1: { interrupted: true } },
      { phase: 'implementation' },
      { A1: 'interrupted', A2: 'waiting', A8: 'waiting', A0: 'waiting' },
    ],
    [
      'an agent asks',
      {
        A1: {
          failures: ['question-unanswered'],
          envelope: { records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which?' }] },
        },
      },
      {
        phase: 'clarifying',
        state: 'blocked',
        questions: [{ requestId: 'q1', agentId: 'A1', summary: 'Which?' }],
      },
      { A1: 'asking', A2: 'waiting', A8: 'waiting', A0: 'waiting' },
    ],
    [
      'a steward blocks and names nobody',
      {
        A8: {
          envelope: {
            integration: {
              integrationState: { ...goodPayloads.integration.integrationState, state: 'needs-more-work' },
            },
          },
        },
      },
      { phase: 'blocked', state: 'blocked' },
      { A1: 'proven', A2: 'proven', A8: 'proven', A0: 'waiting' },
    ],
    [
      'a steward blocks and names an owner',
      {
        A8: {
          envelope: {
            integration: {
              integrationState: {
                ...goodPayloads.integration.integrationState,
                state: 'needs-more-work',
                owners: ['A1'],
              },
            },
          },
        },
      },
      { phase: 'integration', state: 'running' },
      { A1: 'proven', A2: 'proven', A8: 'proven', A0: 'waiting' },
    ],
  ])('knows where a wave stands when %s', (_case, deeds, expected, status) => {
    const state = after(deeds).state();
    expect(state).toMatchObject(expected);
    expect(statuses(state)).toEqual(status);
  });

  it('has two phases: a proven slice is ready to close only with all the others', () => {
    const half = after({ A2: { failures: ['agent-exit'] } }).state();
    expect(half.units.map(({ closureState }) => closureState)).toEqual([
      'owned_slice_proven',
      'failed',
      'open',
      'open',
    ]);
    const whole = after({}).state();
    expect(new Set(whole.units.map(({ closureState }) => closureState))).toEqual(
      new Set(['wave_closure_ready']),
    );
    const closed = reduceWave({ ...after({}).evidence(), closed: true });
    expect(closed).toMatchObject({ phase: 'closed', state: 'completed' });
    expect(new Set(closed.units.map(({ closureState }) => closureState))).toEqual(new Set(['closed']));
  });

  it('does not believe a closure record that the present proofs do not bear out', () => {
    const state = reduceWave({ ...after({ A1: { failures: ['agent-exit'] } }).evidence(), closed: true });
    expect(state.phase).toBe('implementation');
    expect(state.units.map(({ closureState }) => closureState)).not.toContain('closed');
  });

  it('lets the end dominate: a landed wave shows no old blocker, question or reason', () => {
    const sim = after({ A8: { envelope: { records: [{ kind: 'blocker', id: 'b1', summary: 'Locked' }] } } });
    expect(sim.state().openRecords).toHaveLength(1);
    sim.record({ type: 'wave.landed', closureDigest: 'f'.repeat(64), changes: [], agents: [] });
    const state = sim.state();
    expect(state).toMatchObject({
      phase: 'landed',
      state: 'completed',
      reasons: [],
      questions: [],
      openRecords: [],
    });
    expect(state.tasks.map(({ closureState }) => closureState)).toEqual(state.tasks.map(() => 'closed'));
  });

  it('says what a running task has just failed with, before any of it is stored', () => {
    const evidence = simulateWave(wave()).evidence();
    const failures = [{ unitId: 'A1', failures: [failure('executor-unavailable', 'codex is not on PATH.')] }];
    const state = reduceWave({ ...evidence, failures });
    expect(state.units[0]).toMatchObject({ status: 'failed', failures: [{ code: 'executor-unavailable' }] });
  });

  it('knows an attempt from its events alone, when its process was killed before it stored anything', () => {
    const evidence = simulateWave(wave()).evidence();
    const events = [
      {
        schemaVersion: 1 as const,
        seq: 0,
        at: '2026-01-02T03:04:05Z',
        wave: 'wave-3',
        agentId: 'A1',
        attempt: 1,
        type: 'attempt.started',
        data: { workKey: evidence.workKeys['A1'] ?? '' },
      },
    ];
    expect(reduceWave({ ...evidence, events }).units[0]).toMatchObject({
      status: 'interrupted',
      attempts: 1,
      lastAttempt: 1,
    });
  });

  it('has a task for every unit, promotion and open thing, by one schema', () => {
    const sim = after({
      A8: { envelope: { records: [{ kind: 'request', id: 'r1', summary: 'Export', targets: ['A2'] }] } },
    });
    const { tasks } = sim.state();
    for (const task of tasks) expect(taskSchema.parse(task)).toEqual(task);
    expect(tasks.map(({ taskId, status }) => [taskId, status])).toEqual([
      ['wave-3:agent-a0', 'pending'],
      ['wave-3:agent-a1', 'proven'],
      ['wave-3:agent-a2', 'proven'],
      ['wave-3:agent-a8', 'proven'],
      ['wave-3:helper:A8:r1', 'pending'],
      ['wave-3:promotion:order-intake', 'proven'],
    ]);
    expect(tasks[2]?.edges).toEqual([{ taskId: 'wave-3:agent-a1', kind: 'blocks', status: 'proven' }]);
  });

  it('collects the facts of every agent that was judged', () => {
    expect(after({}).state().facts).toEqual([
      { by: 'A1', factId: 'unit', kind: 'decision', content: 'Amounts are cents.' },
    ]);
  });

  it('is the same for evidence in any order and told twice, and survives JSON', () => {
    const deeds: fc.Arbitrary<Record<string, Deed>> = fc.dictionary(
      fc.constantFrom('A1', 'A2', 'A8', 'A0'),
      fc.constantFrom<Deed>({ failures: ['agent-exit'] }, { interrupted: true }, { content: 'other' }),
    );
    fc.assert(
      fc.property(deeds, fc.infiniteStream(fc.nat()), (told, ranks) => {
        const shuffle = <T>(list: readonly T[]): T[] =>
          [...list, ...list]
            .map((value) => ({ value, rank: ranks.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ value }) => value);
        const sim = after(told);
        sim.apply(planRetry(sim.state()));
        sim.launch((unit) => (unit.unitId === 'A1' ? proves : {}));
        const evidence = sim.evidence();
        const state = reduceWave(evidence);
        const turned = reduceWave({
          ...evidence,
          ledger: shuffle(evidence.ledger),
          attempts: shuffle(evidence.attempts),
          bundles: shuffle(evidence.bundles),
          verdicts: shuffle(evidence.verdicts),
        });
        expect(canonicalJson(turned)).toBe(canonicalJson(state));
        expect(canonicalJson(reduceWave(evidence))).toBe(canonicalJson(state));
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      { numRuns: 15 },
    );
  });
});

interface History {
  title: string;
  evidence: WaveEvidence;
  state: WaveState;
  plan: RetryPlan;
}

describe('recorded histories', () => {
  const folder = join(__dirname, '__histories__');
  const histories = readdirSync(folder).sort();

  it('are there', () => expect(histories.length).toBeGreaterThanOrEqual(4));

  it.each(histories)('%s reduces to the state and the plan that were recorded with it', (name) => {
    const { evidence, state, plan } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as History;
    const reduced = reduceWave(evidence);
    expect(reduced).toMatchObject(state);
    expect(planRetry(reduced)).toEqual(plan);
  });
});
