import { ledgerEntrySchema } from '@nx-wave/schemas';
import { goodPayloads } from '../../testing/envelopes';
import { buildWave } from '../../testing/resolved';
import { simulateWave, type Deed } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import { reduceWave } from '../state/reduce-wave';
import { planRetry } from './plan-retry';
import { retryEntry } from './retry-entry';

const wave = () => buildWave([implementer('A1'), implementer('A2'), steward('cont-qa')]);
const qa: Deed = {
  envelope: {
    'cont-qa': { ...goodPayloads['cont-qa'], verdict: { verdict: 'blocked', owners: ['A2'], detail: null } },
  },
};

function after(deeds: Record<string, Deed>) {
  const sim = simulateWave(wave());
  sim.launch((unit) => deeds[unit.unitId] ?? {});
  const state = sim.state();
  return { state, plan: planRetry(state) };
}

describe('retryEntry', () => {
  it('asks those who have a reason of their own, and tells each why; the steward runs again by itself if a result changes', () => {
    const { state, plan } = after({ A0: qa });
    const body = retryEntry(state, plan, { fresh: true });
    expect(body).toEqual({
      type: 'retry.applied',
      agents: ['A2'],
      fresh: true,
      executorChanges: [],
      inbox: [
        {
          agentId: 'A2',
          reasons: ['cont-qa-blocked: A0 says blocked.'],
          records: [],
          judgements: [state.units.find(({ unitId }) => unitId === 'A0')?.workKey],
        },
      ],
    });
    const head = {
      schemaVersion: 1,
      id: '01J00000000000000000000001',
      wave: 'wave-3',
      by: 'sam',
      reason: 'x',
    };
    expect(
      ledgerEntrySchema.safeParse({ ...head, recordedAt: '2026-01-02T03:04:05Z', ...body }).error,
    ).toBeUndefined();
  });

  it('carries a request to its assignee', () => {
    const request = { kind: 'request' as const, id: 'r1', summary: 'Export it', targets: ['A2'] };
    const { state, plan } = after({ A1: { envelope: { records: [request] } } });
    expect(retryEntry(state, plan, { fresh: false })?.inbox).toEqual([
      {
        agentId: 'A2',
        reasons: ['helper-assignment-open: A1 asks "Export it" (r1), and A2 has not answered.'],
        records: [{ by: 'A1', record: request }],
      },
    ]);
  });

  it('leaves out an agent that waits for an answer, since asking it again would be paid for the same question', () => {
    const records = [{ kind: 'clarification-request' as const, id: 'q1', summary: 'Which?' }];
    const asks: Deed = { failures: ['question-unanswered'], envelope: { records } };
    const { state, plan } = after({ A1: asks, A2: { failures: ['agent-exit'] } });
    expect(plan.invalidated).toEqual(['wave-3:agent-a1', 'wave-3:agent-a2']);
    expect(retryEntry(state, plan, { fresh: false })?.agents).toEqual(['A2']);
  });

  it('leaves an agent alone that runs right now, however its last attempt ended, unless it is asked for by name', () => {
    const sim = simulateWave(wave());
    sim.launch((unit) => (unit.unitId === 'A0' ? {} : { failures: ['agent-exit'] }));
    const state = reduceWave({ ...sim.evidence(), running: ['A2'] });
    const plan = planRetry(state);
    expect(plan.invalidated).toEqual(['wave-3:agent-a1']);
    expect(retryEntry(state, plan, { fresh: false })?.agents).toEqual(['A1']);
    const asked = { fresh: false, agents: ['A2'] };
    expect(retryEntry(state, planRetry(state, asked), asked)?.agents).toEqual(['A1', 'A2']);
  });

  it('is nothing when nobody runs again', () => {
    const { state, plan } = after({});
    expect(retryEntry(state, plan, { fresh: false })).toBeNull();
  });
});
