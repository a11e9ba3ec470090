import type { EnvelopeRole, EvalTarget, LedgerEntry, Stage } from '@nx-wave/schemas';
import type { ProofStrength, ResolvedAgent } from '../core/model';
import type { WaveWork } from '../core/state/stage-evidence';
import { answering } from '../testing/answering-steward';
import { buildStrength, buildWave } from '../testing/resolved';
import { goodPayloads } from '../testing/envelopes';
import { buildEvidence, buildHandoff } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import type { StageEvidence } from './gate';
import { judgeGates, reportPathsOf } from './registry';

const evalTargets: EvalTarget[] = [
  {
    id: 'latency',
    selection: 'pinned',
    benchmarkFamily: null,
    benchmarks: ['p99'],
    objective: 'fast',
    threshold: '40 ms',
  },
];

/** Judges the stage of one steward that answers with this payload. */
function judge(
  role: Parameters<typeof answering>[0],
  payload: Record<string, object>,
  overrides: Partial<StageEvidence> = {},
  working: Partial<ResolvedAgent> = {},
  strength: Partial<ProofStrength> = {},
) {
  const agent = { proofStrength: buildStrength(strength) };
  const others = [implementer('A1', working)];
  return judgeGates(answering(role, payload, { agent, others, whole: { evalTargets }, ...overrides }));
}

const codes = (found: { code: string }[]) => found.map(({ code }) => code);

describe('judgeGates', () => {
  it.each<[Parameters<typeof judge>[0], Record<string, object>, string[], string[]]>([
    ['design', { designState: { state: 'blocked' } }, ['design-blocked'], []],
    ['design', { designState: { state: 'needs-clarification' } }, ['design-needs-clarification'], []],
    ['cont-eval', { evalState: { state: 'blocked' } }, ['cont-eval-blocked'], []],
    ['cont-eval', { evalState: { state: 'needs-more-work' } }, ['cont-eval-needs-more-work'], []],
    ['cont-eval', { evalState: { targetIds: [] } }, ['missing-cont-eval-target-ids'], []],
    ['cont-eval', { evalState: { targets: 2 } }, ['cont-eval-target-count-mismatch'], []],
    ['cont-eval', { evalState: { targetIds: ['memory'] } }, ['cont-eval-target-mismatch'], []],
    ['cont-eval', { evalState: { benchmarkIds: [] } }, ['missing-cont-eval-benchmarks'], []],
    ['cont-eval', { evalState: { benchmarks: 3 } }, ['cont-eval-benchmark-count-mismatch'], []],
    ['cont-eval', { evalState: { regressions: 1 } }, ['cont-eval-regressions'], []],
    ['cont-eval', { evalState: { benchmarkIds: ['p50'] } }, ['cont-eval-benchmark-mismatch'], []],
    [
      'cont-eval',
      { evalState: { benchmarkIds: ['p99', 'p50'], benchmarks: 2 } },
      ['cont-eval-benchmark-mismatch'],
      [],
    ],
    ['security', { securityState: { state: 'blocked', findings: 1 } }, ['security-blocked'], []],
    ['security', { securityState: { state: 'concerns', findings: 1 } }, [], ['security-concerns']],
    ['security', { securityState: { state: 'clear', approvals: 1 } }, ['invalid-security-clear-state'], []],
    ['integration', { integrationState: { state: 'needs-more-work' } }, ['integration-needs-more-work'], []],
    ['integration', { integrationState: { conflicts: 3, blockers: 2 } }, [], []],
    ['documentation', { docClosure: { state: 'delta' } }, ['doc-closure-open'], []],
    ['documentation', { docClosure: { state: 'no-change' } }, [], []],
    ['cont-qa', { verdict: { verdict: 'concerns' } }, ['cont-qa-concerns'], []],
    ['cont-qa', { verdict: { verdict: 'blocked' } }, ['cont-qa-blocked'], []],
    ['cont-qa', { verdict: { verdict: 'hold' } }, ['cont-qa-hold'], []],
    ['cont-qa', { gateClaims: { live: 'concerns' } }, ['gate-live-concerns'], []],
    ['cont-qa', { gateClaims: { docs: 'blocked', live: 'gap' } }, ['gate-docs-blocked'], []],
    ['cont-qa', { gateClaims: { durability: 'gap' } }, [], ['conditional-pass']],
    [
      'cont-qa',
      { gateClaims: { architecture: null, integration: null, durability: null, live: null, docs: null } },
      ['missing-wave-gate'],
      [],
    ],
  ])('hears of %s %j: %j stop it and %j are told', (role, payload, reasons, advisories) => {
    const found = judge(role, payload);
    expect(codes(found.reasons)).toEqual(reasons);
    expect(codes(found.advisories)).toEqual(advisories);
  });

  it.each<[Parameters<typeof judge>[0], string, string]>([
    ['design', 'docs/design/wave-3.md', 'missing-design-packet'],
    ['cont-eval', 'docs/reviews/wave-3-cont-eval.md', 'missing-cont-eval-report'],
    ['security', 'docs/security/wave-3-security.md', 'missing-security-report'],
    ['cont-qa', 'docs/reviews/wave-3-cont-qa.md', 'missing-cont-qa-report'],
  ])('asks %s again when it left no report at %s', (role, path, code) => {
    const wave = buildWave([steward(role)]);
    expect(reportPathsOf(wave, role)).toEqual([path]);
    expect(judge(role, {}, { reports: { [path]: true } }).reasons).toEqual([]);
    const [reason] = judge(role, {}, { reports: { [path]: false } }).reasons;
    expect(reason).toMatchObject({ code, repair: 'rerun', paths: [path], agentIds: [steward(role).unitId] });
  });

  it.each<[EnvelopeRole & Stage, string]>([
    ['design', 'missing-wave-design'],
    ['cont-eval', 'missing-wave-eval'],
    ['security', 'missing-wave-security'],
    ['integration', 'missing-wave-integration'],
    ['documentation', 'missing-doc-closure'],
    ['cont-qa', 'missing-cont-qa'],
  ])('tells a %s handoff without its payload from a missing one', (role, code) => {
    const agent = steward(role as 'design');
    const wave = { ...buildWave([agent]), evalTargets };
    const empty = { ...buildHandoff(agent), judgement: {} };
    expect(codes(judgeGates(buildEvidence(wave, role, { handoffs: [empty] })).reasons)).toEqual([code]);
    expect(codes(judgeGates(buildEvidence(wave, role, { handoffs: [] })).reasons)).toEqual([
      'handoff-missing',
    ]);
  });

  it('says handoff-stale for the slice of another spec', () => {
    const wave = buildWave([implementer('A1')]);
    const evidence = buildEvidence(wave, 'implementation', { expectedWorkKeys: { A1: 'f'.repeat(64) } });
    expect(codes(judgeGates(evidence).reasons)).toEqual(['handoff-stale']);
  });

  it('judges nothing beyond a stage that has not passed', () => {
    const wave = buildWave([implementer('A1'), steward('cont-qa')]);
    const upstream = {
      schemaVersion: 1 as const,
      wave: 'wave-3',
      stage: 'implementation' as const,
      ok: false,
      upstream: null,
      agents: [],
      reasons: [],
      advisories: [],
    };
    expect(judgeGates(buildEvidence(wave, 'cont-qa', { upstream })).reasons[0]).toMatchObject({
      code: 'upstream-open',
      repair: 'wait',
    });
  });

  it('passes on whom a steward names, sorted and once', () => {
    const [reason] = judge('cont-qa', {
      verdict: { verdict: 'blocked', owners: ['A2', 'A1', 'A2'] },
    }).reasons;
    expect(reason).toMatchObject({ repair: 'owners', owners: ['A1', 'A2'], agentIds: ['A0'] });
  });

  it('knows the benchmarks of a delegated family from the catalog', () => {
    const delegated = evalTargets.map((target): EvalTarget => ({
      ...target,
      selection: 'delegated',
      benchmarkFamily: 'speed',
      benchmarks: [],
    }));
    const agent = steward('cont-eval');
    const wave = { ...buildWave([agent]), evalTargets: delegated };
    const benchmarkCatalog = { families: { speed: { benchmarks: { p99: {}, p50: {} } } } };
    expect(judgeGates(buildEvidence(wave, 'cont-eval', { benchmarkCatalog })).reasons).toEqual([]);
    expect(codes(judgeGates(buildEvidence(wave, 'cont-eval')).reasons)).toEqual([
      'cont-eval-benchmark-mismatch',
    ]);
  });

  it.each([
    ['healthy', []],
    ['not_applicable', []],
    ['deploying', ['deploy-deploying']],
    ['failed', ['deploy-failed']],
    ['rolled-back', ['deploy-rolled-back']],
  ])('hears of a rollout that is %s', (state, expected) => {
    const agent = implementer('A3', { role: 'deploy', envelopeRole: 'deploy' });
    const deploy = { deployState: { ...goodPayloads.deploy.deployState, state: state as 'healthy' } };
    const evidence = buildEvidence(buildWave([agent]), 'implementation', {
      handoffs: [buildHandoff(agent, { deploy })],
    });
    expect(codes(judgeGates(evidence).reasons)).toEqual(expected);
  });

  it('stops for an infrastructure target in a state that blocks, and for no other', () => {
    const agent = implementer('A3', { role: 'infra' });
    const infraState = [
      { target: 'db', state: 'conformant' },
      { target: 'queue', state: 'drifted' },
    ];
    const implementation = { ...goodPayloads.implementation, infraState };
    const handoffs = [buildHandoff(agent, { implementation })];
    const found = judgeGates(buildEvidence(buildWave([agent]), 'implementation', { handoffs }));
    expect(codes(found.reasons)).toEqual(['infra-drifted']);
    expect(found.reasons[0]?.detail).toBe('A3 reports queue as drifted.');
  });

  it('stops for the blockers that a steward reports, whatever its state says', () => {
    const agent = steward('integration');
    const unresolvedBlockers = [{ kind: 'schema', detail: 'unclear', blocking: true }];
    const handoffs = [buildHandoff(agent, { unresolvedBlockers })];
    const found = judgeGates(buildEvidence(buildWave([agent]), 'integration', { handoffs }));
    expect(codes(found.reasons)).toEqual(['blocker-reported']);
  });

  describe('with evidence at hand', () => {
    const report = 'docs/reviews/wave-3-cont-qa.md';
    const known: WaveWork = { changed: { A1: ['src/a1/slug.ts'] }, reportTexts: {}, broken: [] };
    const said = (text: string) => ({ ...known, reportTexts: { [report]: text } });
    const nobody = { ...known, changed: {} };
    const broken = [{ path: 'src/a1/slug.ts', line: 2, what: 'imports ./join.mjs, which is not there' }];

    it.each<[string, Parameters<typeof judge>[0], Record<string, object>, WaveWork, string[]]>([
      ['a pass in one word', 'cont-qa', {}, said('PASS\n'), ['cont-qa-report-empty']],
      ['a pass that names nothing', 'cont-qa', {}, said('It is all well.'), ['cont-qa-names-no-change']],
      ['a pass that names a change', 'cont-qa', {}, said('The slug holds accents.'), []],
      ['a pass over nothing', 'cont-qa', {}, nobody, ['cont-qa-nothing-changed']],
      [
        'a doubt, whatever its report',
        'cont-qa',
        { verdict: { verdict: 'concerns' } },
        said(''),
        ['cont-qa-concerns'],
      ],
      ['ready on a broken tree', 'integration', {}, { ...known, broken }, ['integration-tree-broken']],
      ['ready on a whole tree', 'integration', {}, known, []],
      ['ready over nothing', 'integration', {}, nobody, ['integration-nothing-changed']],
      ['closed without a document', 'documentation', {}, known, ['doc-closure-unchanged']],
      ['no change without a document', 'documentation', { docClosure: { state: 'no-change' } }, known, []],
      [
        'closed with a document of its own',
        'documentation',
        {},
        { ...known, changed: { A9: ['docs/plans/matrix.json'] } },
        [],
      ],
      ['closed with one of another', 'documentation', {}, { ...known, changed: { A1: ['README.md'] } }, []],
      ['clear over nothing', 'security', {}, nobody, ['security-nothing-changed']],
      ['satisfied with nothing', 'cont-eval', {}, nobody, ['cont-eval-nothing-changed']],
    ])('hears of %s', (_what, role, payload, work, expected) => {
      expect(codes(judge(role, payload, { work }, { proofCommands: ['npm test'] }).reasons)).toEqual(
        expected,
      );
    });

    it('names the agents whose sources lead nowhere, and where', () => {
      const [reason] = judge(
        'integration',
        {},
        { work: { ...known, broken } },
        { proofCommands: ['npm test'] },
      ).reasons;
      expect(reason).toMatchObject({ repair: 'owners', owners: ['A1'], paths: ['src/a1/slug.ts'] });
      expect(reason?.detail).toContain('src/a1/slug.ts:2 imports ./join.mjs, which is not there');
    });

    it('believes a steward where nothing is proved, and where less is meant', () => {
      expect(judge('cont-qa', {}, { work: said('PASS') }).reasons).toEqual([]);
      const proved = { proofCommands: ['npm test'] };
      const less = { level: 'exit' as const, reason: 'a draft' };
      expect(judge('cont-qa', {}, { work: said('PASS') }, proved, less).reasons).toEqual([]);
    });

    it('lets a wave be empty where a person has said so of a slice', () => {
      const ledger: LedgerEntry[] = [
        {
          schemaVersion: 1,
          id: '01J00000000000000000000001',
          wave: 'wave-3',
          recordedAt: '2026-01-02T03:04:05Z',
          by: 'sam',
          reason: 'it was there',
          type: 'gate.waived',
          code: 'slice-empty',
          agentId: 'A1',
        },
      ];
      const proved = { proofCommands: ['npm test'] };
      expect(judge('cont-qa', {}, { work: nobody, ledger }, proved).reasons).toEqual([]);
    });
  });
});
