import type { WaveRecord } from '@nx-wave/schemas';
import { buildWave } from '../testing/resolved';
import { buildEvidence, buildHandoff } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import { blockersGate } from './blockers.gate';
import { clarificationGate } from './clarification.gate';
import { contradictionsGate } from './contradictions.gate';
import type { Gate, GateFinding } from './gate';
import { helperAssignmentsGate } from './helper-assignments.gate';

const units = [implementer('A1'), implementer('A2'), implementer('A3'), steward('integration')];
const wave = buildWave(units);

/** What a gate says of an implementation stage in which A1 has said one record and nobody has answered. */
function saidOf(gate: Gate, kind: WaveRecord['kind'], record: Partial<WaveRecord>) {
  const said: WaveRecord = { kind, id: 'r1', summary: 'Cents or euros?', ...record };
  const handoffs = units
    .filter(({ stage }) => stage === 'implementation')
    .map((unit) => buildHandoff(unit, unit.unitId === 'A1' ? { records: [said] } : {}, wave));
  return gate.judge(buildEvidence(wave, 'implementation', { handoffs }));
}

it.each<[string, Gate, WaveRecord['kind'], Partial<WaveRecord>, GateFinding[]]>([
  [
    'a question for a person',
    clarificationGate,
    'clarification-request',
    {},
    [
      {
        code: 'human-feedback-open',
        detail: 'A1 needs to know "Cents or euros?" (r1), and waits for a person.',
        agentIds: ['A1'],
        repair: 'human',
      },
    ],
  ],
  [
    'a question for a person and an agent',
    clarificationGate,
    'clarification-request',
    { targets: ['A2', 'human'] },
    [
      {
        code: 'human-feedback-open',
        detail: 'A1 needs to know "Cents or euros?" (r1), and waits for a person.',
        agentIds: ['A1'],
        repair: 'human',
      },
    ],
  ],
  [
    'a question for nobody in the wave',
    clarificationGate,
    'clarification-request',
    { targets: ['A77'] },
    [
      {
        code: 'clarification-open',
        detail: 'A1 needs to know "Cents or euros?" (r1), and waits for a person.',
        agentIds: ['A1'],
        repair: 'human',
      },
    ],
  ],
  [
    'a question for two agents',
    clarificationGate,
    'clarification-request',
    { targets: ['A3', 'A2'] },
    [
      {
        code: 'clarification-open',
        detail: 'A1 needs to know "Cents or euros?" (r1), and A2, A3 has not answered.',
        agentIds: ['A2', 'A3'],
        repair: 'rerun',
      },
    ],
  ],
  [
    'a request for an agent, a person and nobody in the wave',
    helperAssignmentsGate,
    'request',
    { targets: ['A77', 'A2', 'A3', 'human', 'A78'] },
    [
      {
        code: 'helper-assignment-unresolved',
        detail: 'A1 asks "Cents or euros?" (r1), and nobody in the wave is A77 or A78.',
        agentIds: ['A1'],
        repair: 'human',
      },
      {
        code: 'helper-assignment-open',
        detail: 'A1 asks "Cents or euros?" (r1), and A2, A3 has not answered.',
        agentIds: ['A2', 'A3'],
        repair: 'rerun',
      },
      {
        code: 'human-feedback-open',
        detail: 'A1 asks "Cents or euros?" (r1), and waits for a person.',
        agentIds: ['A1'],
        repair: 'human',
      },
    ],
  ],
  [
    'a blocker of nobody else',
    blockersGate,
    'blocker',
    {},
    [
      {
        code: 'blocker-open',
        detail: 'A1 is blocked: "Cents or euros?" (r1).',
        agentIds: ['A1'],
        repair: 'human',
      },
    ],
  ],
  [
    'a blocker of an agent',
    blockersGate,
    'blocker',
    { targets: ['A2'] },
    [
      {
        code: 'blocker-open',
        detail: 'A1 is blocked: "Cents or euros?" (r1).',
        agentIds: ['A2'],
        repair: 'rerun',
      },
    ],
  ],
  [
    'a blocker of an agent and a person',
    blockersGate,
    'blocker',
    { targets: ['A2', 'human'] },
    [
      {
        code: 'blocker-open',
        detail: 'A1 is blocked: "Cents or euros?" (r1).',
        agentIds: ['A2'],
        repair: 'human',
      },
    ],
  ],
  ['a question, as a blocker', blockersGate, 'clarification-request', {}, []],
  ['a blocker, as a question', clarificationGate, 'blocker', {}, []],
])('%s is told with those who can clear it', (_what, gate, kind, record, expected) => {
  expect(saidOf(gate, kind, record)).toStrictEqual(expected);
});

describe('a contradiction', () => {
  const judge = (record: Partial<WaveRecord>) => {
    const said: WaveRecord = { kind: 'contradiction', id: 'r1', summary: 'cents and euros', ...record };
    const handoffs = [buildHandoff(steward('integration'), { records: [said] }, wave)];
    return contradictionsGate.judge(buildEvidence(wave, 'integration', { handoffs }));
  };

  it('is told with its parties and the files that it is about', () => {
    expect(judge({ targets: ['A2', 'A1'], artifactRefs: ['src/b.ts', 'src/a.ts'] })).toStrictEqual([
      {
        code: 'integration-contradiction-open',
        detail: 'A8 reports the contradiction "cents and euros" (r1) between A1 and A2.',
        agentIds: ['A1', 'A2'],
        paths: ['src/a.ts', 'src/b.ts'],
        repair: 'rerun',
      },
    ]);
  });

  it('is told of its author where it names nobody', () => {
    expect(judge({})).toStrictEqual([
      {
        code: 'integration-contradiction-open',
        detail: 'A8 reports the contradiction "cents and euros" (r1).',
        agentIds: ['A8'],
        paths: [],
        repair: 'human',
      },
    ]);
  });
});

describe('the blockers that a steward reports', () => {
  const a8 = steward('integration');
  const reporting = (judgement: Record<string, string | string[] | object | null>) => ({
    ...buildHandoff(a8, {}, wave),
    judgement: { blockers: ['schema', 'access'], ...judgement } as ReturnType<
      typeof buildHandoff
    >['judgement'],
  });
  const told = (owners: string[]) => [
    {
      code: 'blocker-reported',
      detail: 'A8 reports blockers: schema, access.',
      agentIds: ['A8'],
      owners,
      repair: 'owners',
    },
  ];

  it.each([
    [
      'in any part of its section',
      { integration: { a: { owners: ['A2'] }, b: { owners: ['A1', 'A2'] } } },
      ['A1', 'A2'],
    ],
    ['in no part', { integration: {} }, []],
    ['without a section', {}, []],
    ['with a section of nothing', { integration: null }, []],
    ['with a word for a section', { integration: 'ready' }, []],
  ])('are told with the owners that it names %s', (_where, judgement, owners) => {
    const handoffs = [reporting(judgement)];
    expect(blockersGate.judge(buildEvidence(wave, 'integration', { handoffs }))).toStrictEqual(told(owners));
  });

  it('are told of its own stage, and only where there are some', () => {
    const judge = (handoffs: ReturnType<typeof buildHandoff>[], stage: 'integration' | 'implementation') =>
      blockersGate.judge(buildEvidence(wave, stage, { handoffs }));
    expect(judge([reporting({})], 'implementation')).toStrictEqual([]);
    expect(judge([buildHandoff(a8, {}, wave)], 'integration')).toStrictEqual([]);
    expect(judge([], 'integration')).toStrictEqual([]);
  });
});
