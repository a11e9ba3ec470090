import type { GateReason } from '@nx-wave/schemas';
import type { JsonValue } from '@nx-wave/schemas/plain';
import { buildWave } from '../testing/resolved';
import { buildEvidence, buildHandoff, buildVerdict } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import { goodPayloads } from '../testing/envelopes';
import { dependenciesGate } from './dependencies.gate';
import { deployGate } from './deploy.gate';
import { handoffsGate } from './handoffs.gate';
import { implementationGate } from './implementation.gate';
import { infraGate } from './infra.gate';
import { mergeGate } from './merge.gate';

const a1 = implementer('A1');
const wave = buildWave([a1, steward('cont-qa')]);

it('a wave that this one builds on is told with the command that closes it', () => {
  const openDependencies = [{ project: 'beta-wave-2', detail: 'It is not closed.' }];
  const evidence = buildEvidence(wave, 'implementation', { openDependencies });
  expect(dependenciesGate.judge(evidence)).toStrictEqual([
    {
      ...{ code: 'dependency-open', detail: 'It is not closed.', agentIds: [], repair: 'wait' },
      command: 'nx run beta-wave-2:launch',
    },
  ]);
  const upstream = buildVerdict('design', []);
  expect(dependenciesGate.judge({ ...evidence, upstream })).toStrictEqual([]);
});

describe('what was handed off', () => {
  const missing = {
    ...{ code: 'handoff-missing', detail: 'A1 has not proven its slice.' },
    ...{ agentIds: ['A1'], repair: 'rerun' },
  };
  const judge = (more: Parameters<typeof buildEvidence>[2]) =>
    handoffsGate.judge(buildEvidence(wave, 'implementation', more));
  const { workKey } = buildHandoff(a1);

  it('is missed of each agent of the stage, and of no other', () => {
    expect(judge({ handoffs: [] })).toStrictEqual([missing]);
    expect(judge({})).toStrictEqual([]);
  });

  it('has to be of the work that is asked for, where that is known', () => {
    expect(judge({ expectedWorkKeys: { A1: workKey } })).toStrictEqual([]);
    expect(judge({ expectedWorkKeys: { A2: 'f'.repeat(64) } })).toStrictEqual([]);
    expect(judge({ expectedWorkKeys: { A1: 'f'.repeat(64) } })).toStrictEqual([
      {
        code: 'handoff-stale',
        detail: 'The slice of A1 was proven for another version of its spec or of what it builds on.',
        ...{ agentIds: ['A1'], repair: 'rerun' },
      },
    ]);
  });

  it('stands on a stage that has passed', () => {
    const upstream = buildVerdict('design', [], { ok: false });
    const open = {
      ...{ code: 'upstream-open', detail: 'The design stage has not passed.' },
      ...{ agentIds: [], repair: 'wait' },
    };
    expect(judge({ upstream, handoffs: [] })).toStrictEqual([open, missing]);
    expect(judge({ upstream: { ...upstream, ok: true } })).toStrictEqual([]);
  });

  it('holds the payload of the role, where the agent implements', () => {
    const bare = (unit: typeof a1) => ({ ...buildHandoff(unit, {}, wave), judgement: {} });
    const owed = (unit: typeof a1) =>
      implementationGate.judge(
        buildEvidence(buildWave([unit, steward('cont-qa')]), 'implementation', { handoffs: [bare(unit)] }),
      );
    expect(owed(a1)).toStrictEqual([
      {
        code: 'missing-result-envelope',
        detail: 'A1 handed off no implementation payload.',
        ...{ agentIds: ['A1'], repair: 'rerun' },
      },
    ]);
    expect(owed({ ...a1, implementationOwning: false })).toStrictEqual([]);
    expect(implementationGate.judge(buildEvidence(wave, 'implementation'))).toStrictEqual([]);
    expect(implementationGate.judge(buildEvidence(wave, 'implementation', { handoffs: [] }))).toStrictEqual(
      [],
    );
    const evaluator = steward('cont-eval', { implementationOwning: true });
    const both = buildEvidence(buildWave([a1, evaluator]), 'implementation', {
      handoffs: [buildHandoff(a1), bare(evaluator)],
    });
    expect(implementationGate.judge(both)).toStrictEqual([]);
  });
});

describe('a rollout', () => {
  const a3 = implementer('A3', { role: 'deploy', envelopeRole: 'deploy' });
  const of = buildWave([a3]);
  const judge = (deployState: object) => {
    const deploy = { deployState: { ...goodPayloads.deploy.deployState, ...deployState } };
    return deployGate.judge(
      buildEvidence(of, 'implementation', { handoffs: [buildHandoff(a3, { deploy }, of)] }),
    );
  };
  const told = (code: string, detail: string) => [{ code, detail, agentIds: ['A3'], repair: 'rerun' }];

  it.each([
    [
      'with its environment',
      { state: 'failed' },
      told('deploy-failed', 'A3 reports the rollout to staging as failed.'),
    ],
    [
      'without one',
      { state: 'deploying', environment: null },
      told('deploy-deploying', 'A3 reports the rollout to its environment as deploying.'),
    ],
    ['not where it is healthy', { state: 'healthy' }, []],
    ['not where there was none', { state: 'not_applicable' }, []],
  ])('is told %s', (_what, state, expected) => expect(judge(state)).toStrictEqual(expected));

  it('is asked for where the agent has handed off', () => {
    const bare = { ...buildHandoff(a3, {}, of), judgement: {} };
    const empty = { ...bare, judgement: { deploy: {} } };
    const left = told('missing-deploy-state', 'A3 left no deploy state.');
    for (const handoff of [bare, empty])
      expect(deployGate.judge(buildEvidence(of, 'implementation', { handoffs: [handoff] }))).toStrictEqual(
        left,
      );
    expect(deployGate.judge(buildEvidence(of, 'implementation', { handoffs: [] }))).toStrictEqual([]);
  });
});

describe('an infrastructure target', () => {
  const a3 = implementer('A3', { role: 'infra' });
  const of = buildWave([a3]);
  const judge = (judgement: Record<string, JsonValue>) =>
    infraGate
      .judge(buildEvidence(of, 'implementation', { handoffs: [{ ...buildHandoff(a3, {}, of), judgement }] }))
      .map(({ code, detail, agentIds, repair }) => `${code} ${agentIds.join('+')} ${repair}: ${detail}`);
  const drifted = 'infra-drifted A3 rerun: A3 reports queue as drifted.';

  it.each<[string, JsonValue, string[]]>([
    ['alone', { target: 'queue', state: 'drifted' }, [drifted]],
    [
      'in a list',
      [
        { target: 'db', state: 'conformant' },
        { target: 'queue', state: 'drifted' },
      ],
      [drifted],
    ],
    [
      'without a name',
      { target: 3, state: 'drifted' },
      ['infra-drifted A3 rerun: A3 reports its target as drifted.'],
    ],
    [
      'among things that are none',
      [null, 'drifted', {}, { state: 3 }, { target: 'queue', state: 'drifted' }],
      [drifted],
    ],
    ['as nothing', null, []],
  ])('that blocks is told as it is reported: %s', (_how, infraState, expected) => {
    expect(judge({ implementation: { infraState } })).toStrictEqual(expected);
  });

  it('that nobody reports is no matter', () => {
    expect(judge({ implementation: {} })).toStrictEqual([]);
    expect(judge({})).toStrictEqual([]);
    expect(infraGate.judge(buildEvidence(of, 'implementation', { handoffs: [] }))).toStrictEqual([]);
  });

  it.each([
    ...['conformant', 'setup-required', 'setup-in-progress'],
    ...['action-required', 'action-approved', 'action-complete'],
  ])('holds nothing up as %s', (state) => {
    expect(judge({ implementation: { infraState: { target: 'db', state } } })).toStrictEqual([]);
  });
});

describe('what merging found', () => {
  const found: GateReason = {
    ...{ gate: 'engine', code: 'merge-red', detail: 'Red.', agentIds: ['A2', 'A1'] },
    ...{ paths: ['b.ts', 'a.ts'], command: 'npm test' },
  };
  const judge = (more: Partial<GateReason>) =>
    mergeGate.judge(buildEvidence(wave, 'implementation', { mergeFindings: [{ ...found, ...more }] }));
  const told = {
    ...{ code: 'merge-red', detail: 'Red.', agentIds: ['A1', 'A2'], paths: ['a.ts', 'b.ts'] },
    ...{ command: 'npm test', repair: 'rerun' },
  };

  it.each<[string, Partial<GateReason>, object]>([
    ['sorted, and its agents are asked again', {}, told],
    ['to people where it blames nobody', { agentIds: [] }, { ...told, agentIds: [], repair: 'human' }],
    ['to those whom it says', { repair: 'wait' }, { ...told, repair: 'wait' }],
    ['with its owners', { owners: ['A1'] }, { ...told, owners: ['A1'] }],
    [
      'as unproved where it never came to a merge',
      { code: 'git-failed' },
      { ...told, code: 'merge-unproven' },
    ],
    [
      'as unproved where only an object has the word',
      { code: 'toString' },
      { ...told, code: 'merge-unproven' },
    ],
  ])('is told %s', (_how, more, expected) => expect(judge(more)).toStrictEqual([expected]));

  it('is told without a command where there was none', () => {
    const { command: _command, ...rest } = told;
    expect(judge({ command: null })).toStrictEqual([rest]);
  });
});
