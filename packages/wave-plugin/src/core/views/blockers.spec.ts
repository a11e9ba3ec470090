import type { GateReason, ResultEnvelope, WaveRecord } from '@nx-wave/schemas';
import { goodPayloads } from '../../testing/envelopes';
import { buildWave } from '../../testing/resolved';
import { simulateWave, type Deed } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import { planRetry } from '../retry/plan-retry';
import { blockerLine, blockersOf } from './blockers';

const says = (record: WaveRecord): Deed => ({ envelope: { records: [{ id: 'r1', ...record }] } });
const qa = (verdict: object): Deed => ({
  envelope: {
    'cont-qa': { ...goodPayloads['cont-qa'], verdict: { verdict: 'blocked', detail: null, ...verdict } },
  } as Partial<ResultEnvelope>,
});

function lines(deeds: Record<string, Deed>): string[] {
  const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), steward('cont-qa')]));
  sim.launch((unit) => deeds[unit.unitId] ?? {});
  const state = sim.state();
  return blockersOf(state, planRetry(state)).map(blockerLine);
}

const run = 'nx run wave-3';
const by = '--reason "…" --by "…"';

describe('blockersOf', () => {
  it.each<[string, Record<string, Deed>, string[]]>([
    ['a wave that is well', {}, []],
    ['a slice that is not proven: a launch clears it', { A1: { failures: ['agent-exit'] } }, []],
    [
      'a question',
      {
        A2: {
          failures: ['question-unanswered'],
          envelope: { records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which\ncurrency?' }] },
        },
      },
      [
        `question q1 of A2 waits for human: Which currency? -> ${run}:answer --request q1 --text "…" --by "…"`,
      ],
    ],
    [
      'a request between agents',
      { A1: says({ kind: 'request', summary: 'Export it', targets: ['A2'] }) },
      [`request r1 of A1 waits for A2: Export it -> ${run}:retry --apply`],
    ],
    [
      'a request that finds nobody',
      { A1: says({ kind: 'request', summary: 'Export it', targets: ['capability:ops'] }) },
      [
        `request r1 of A1 waits for human: Export it (nobody here is capability:ops) -> ${run}:decide --reassign r1 --to "…" ${by}`,
      ],
    ],
    [
      'a contradiction without parties',
      { A1: says({ kind: 'contradiction', summary: 'Cents or euros' }) },
      [
        `contradiction r1 of A1 waits for human: Cents or euros -> ${run}:decide --resolve r1 --kind party_accepted ${by}`,
      ],
    ],
    [
      'a blocker that nobody here can clear',
      { A1: says({ kind: 'blocker', summary: 'No access' }) },
      [`blocker r1 of A1 waits for human: No access -> ${run}:decide --waive blocker-open ${by}`],
    ],
    [
      'a judgement that names nobody',
      { A0: qa({}) },
      [
        `review review:A0 of A0 waits for human: cont-qa-blocked: A0 says blocked. -> ${run}:decide --waive cont-qa-blocked ${by}`,
      ],
    ],
    ['a judgement that names an owner', { A0: qa({ owners: ['A2'] }) }, []],
  ])('knows of %s', (_case, deeds, expected) => {
    expect(lines(deeds)).toEqual(expected);
  });

  it('names the wave that this one waits for', () => {
    const sim = simulateWave(buildWave([implementer('A1')]));
    const open: GateReason = {
      gate: 'dependencies',
      code: 'dependency-open',
      detail: 'beta-wave-2, which this wave depends on, is not closed.',
      agentIds: [],
      paths: [],
      command: 'nx run beta-wave-2:launch',
      repair: 'wait',
    };
    const state = { ...sim.state(), reasons: [open] };
    expect(blockersOf(state, planRetry(state))).toMatchObject([
      { kind: 'dependency', by: null, waitsFor: ['beta-wave-2'], next: 'nx run beta-wave-2:launch' },
    ]);
  });

  it('says nothing of a wave that has landed', () => {
    const sim = simulateWave(buildWave([implementer('A1'), steward('cont-qa')]));
    sim.launch((unit) => (unit.unitId === 'A0' ? qa({}) : {}));
    const state = { ...sim.state(), landed: true };
    expect(blockersOf(state, planRetry(state))).toEqual([]);
  });
});
