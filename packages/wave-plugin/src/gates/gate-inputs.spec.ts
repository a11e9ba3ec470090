import { stages, type Stage } from '@nx-wave/schemas/plain';
import { type LedgerFacts } from '../core/infer/inferred-project';
import { inferTargets } from '../core/infer/targets';
import type { ResolvedWave } from '../core/model';
import { buildWave } from '../testing/resolved';
import { changeAt, recordReads, type ReadPath } from '../testing/record-reads';
import { buildEvidence, buildHandoff, buildVerdict, claims } from '../testing/stage-evidence';
import { component, implementer, steward } from '../testing/stewards';
import type { WaveWork } from '../core/state/stage-evidence';
import type { StageEvidence } from './gate';
import { judgeGates, reportPathsOf } from './registry';

const order = component('order-intake');
const records = [
  { kind: 'request' as const, id: 'r1', summary: 'Export it', targets: ['capability:docs'] },
  { kind: 'blocker' as const, id: 'b1', summary: 'No access', targets: ['A1'] },
  { kind: 'clarification-request' as const, id: 'q1', summary: 'Which?', targets: ['A8'] },
  { kind: 'contradiction' as const, id: 'c1', summary: 'cents or euros', targets: ['A1', 'A2'] },
];

const wave: ResolvedWave = {
  ...buildWave(
    [
      steward('design'),
      implementer('A1', { components: [order], contextPaths: ['docs/house-rules.md'] }),
      implementer('A2', { components: [order], role: 'infra', capabilities: ['docs'] }),
      implementer('A3', { role: 'deploy', envelopeRole: 'deploy', proofCommands: ['npm test'] }),
      steward('cont-eval', { contextPaths: ['docs/evals/'] }),
      steward('security'),
      steward('integration'),
      steward('documentation', { capabilities: ['docs'] }),
      steward('cont-qa'),
    ],
    { preferredAgents: { docs: ['A9'] }, advisoryGates: ['documentationGate'] },
  ),
  dependsOn: ['beta-wave-2'],
  promotions: [order],
  evalTargets: [
    {
      id: 'latency',
      selection: 'delegated',
      benchmarkFamily: 'speed',
      benchmarks: [],
      objective: 'fast',
      threshold: '40 ms',
    },
  ],
};

const matrix = {
  levels: ['repo-landed', 'baseline-proved'],
  components: { 'order-intake': { currentLevel: 'repo-landed' } },
};
const benchmarkCatalog = { families: { speed: { benchmarks: { p99: {} } } } };
const noLedger: LedgerFacts = { landed: false, agent: () => ({ epoch: null, entries: [] }) };
const previousOf = (stage: Stage) => stages[stages.indexOf(stage) - 1] ?? null;
const targetsOf = (of: ResolvedWave, ledger = noLedger) =>
  inferTargets(of, { root: 'w', targetPrefix: '', ledger, shadowed: [], ultracache: true }).targets;
const inputsOf = (of: ResolvedWave, stage: Stage, ledger = noLedger) =>
  targetsOf(of, ledger)[`gate-${stage}`]?.inputs ?? [];

/** A stage as it is when something can be said about everything: open records, a stale matrix, missing reports, a waiver. */
function evidenceOf(stage: Stage, overrides: Partial<StageEvidence> = {}): StageEvidence {
  const before = stages
    .slice(0, stages.indexOf(stage))
    .flatMap((earlier) => buildEvidence(wave, earlier).handoffs);
  const previous = previousOf(stage);
  return buildEvidence(wave, stage, {
    handoffs: wave.agents
      .filter((agent) => agent.stage === stage)
      .map((agent) =>
        buildHandoff(
          agent,
          { ...(agent.envelopeRole === 'implementation' ? claims(agent) : {}), records },
          wave,
        ),
      ),
    upstream: previous === null ? null : buildVerdict(previous, before),
    matrix,
    benchmarkCatalog,
    reports: Object.fromEntries(reportPathsOf(wave, stage).map((path) => [path, false])),
    ...overrides,
  });
}

/** Work that speaks against every steward, reports aside. */
const unfounded: WaveWork = {
  changed: { A1: ['src/a1/a.ts'], A7: ['docs/security/wave-3-security.md'] },
  reportTexts: { 'docs/reviews/wave-3-cont-qa.md': 'It is all well.' },
  broken: [{ path: 'src/a1/a.ts', line: 1, what: 'imports ./b, which is not there' }],
};

/** Everything that any gate reads when it judges a stage, in each of several states of the stage. */
function readsOf(stage: Stage): ReadPath[] {
  const states: Partial<StageEvidence>[] = [
    {},
    { reports: Object.fromEntries(reportPathsOf(wave, stage).map((path) => [path, true])) },
    { handoffs: [] },
    { work: unfounded },
    { matrix: null, benchmarkCatalog: null, upstream: null },
  ];
  return states.flatMap((state) => {
    const { view, reads } = recordReads(evidenceOf(stage, state));
    judgeGates(view);
    return reads();
  });
}

/** Another value of the same kind; of a stage another stage. */
function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (stages.some((stage) => stage === value)) return value === 'design' ? 'security' : 'design';
  return typeof value === 'string' ? `${value}-2` : 'something';
}

/** Where each part of the evidence that is no part of the wave comes from, as the Nx inputs must name it. */
const sources: Record<Exclude<keyof StageEvidence, 'wave' | 'stage'>, (stage: Stage) => unknown[]> = {
  openDependencies: () => [{ dependentTasksOutputFiles: '**/closure/wave-2.*', transitive: true }],
  handoffs: (stage) =>
    wave.agents
      .filter((agent) => agent.stage === stage)
      .map(({ unitId }) => ({
        dependentTasksOutputFiles: `**/.tmp/main-wave-launcher/handoff/wave-3/${unitId}.json`,
      })),
  upstream: (stage) =>
    previousOf(stage) === null
      ? []
      : [
          {
            dependentTasksOutputFiles: `**/.tmp/main-wave-launcher/gates/wave-3/${String(previousOf(stage))}.json`,
          },
        ],
  ledger: () => ['{workspaceRoot}/docs/plans/waves/wave-3.ledger/**/*'],
  matrix: (stage) => files(stage, ['docs/plans/component-cutover-matrix.json']),
  benchmarkCatalog: (stage) => files(stage, ['docs/evals/benchmark-catalog.json']),
  reports: (stage) => files(stage, reportPathsOf(wave, stage)),
  // What slices hold is in the handoffs and the verdict before; the rest of the tree is asked where agents answer for it.
  work: (stage) => [...sources.handoffs(stage), ...sources.upstream(stage), ...sources.reports(stage)],
  mergeFindings: (stage) =>
    files(
      stage,
      wave.agents.filter((agent) => agent.stage === stage).flatMap(({ ownedPaths }) => ownedPaths),
    ),
  expectedWorkKeys: (stage) =>
    files(
      stage,
      wave.agents.filter((agent) => agent.stage === stage).flatMap(({ contextPaths }) => contextPaths),
    ),
};

function files(stage: Stage, paths: readonly string[]): string[] {
  if (stage === 'implementation' || stage === 'integration') return ['{workspaceRoot}/**/*'];
  return paths.map((path) => `{workspaceRoot}/${path.endsWith('/') ? `${path}**/*` : path}`);
}

describe.each(stages)('the Nx inputs of gate-%s', (stage) => {
  it('hold every part of the wave that a gate reads', () => {
    const inputs = JSON.stringify(inputsOf(wave, stage));
    const reads = readsOf(stage).filter(([part]) => part === 'wave');
    expect(reads.length).toBeGreaterThan(20);
    const missed = reads
      .map(([, ...path]) => path)
      .filter((path) => JSON.stringify(inputsOf(changeAt(wave, path, another), stage)) === inputs);
    expect(missed.map((path) => path.join('.'))).toEqual([]);
  });

  it('name a source for every other part of the evidence', () => {
    const parts = new Set(readsOf(stage).map(([part]) => String(part)));
    parts.delete('wave');
    parts.delete('stage');
    expect(Object.keys(sources)).toEqual(expect.arrayContaining([...parts]));
    for (const source of Object.values(sources))
      expect(inputsOf(wave, stage)).toEqual(expect.arrayContaining(source(stage)));
  });

  it('change with the spec of an agent of the stage, since the gate knows which work key it asks for', () => {
    const before = JSON.stringify(inputsOf(wave, stage));
    const at = wave.agents.findIndex((agent) => agent.stage === stage);
    const reworded = changeAt(wave, ['agents', at, 'prompt'], another);
    expect(JSON.stringify(inputsOf(reworded, stage))).not.toBe(before);
    const asked = (id: string): LedgerFacts => ({
      landed: false,
      agent: (unitId) => ({ epoch: unitId === wave.agents[at]?.unitId ? id : null, entries: [] }),
    });
    expect(JSON.stringify(inputsOf(wave, stage, asked('1')))).not.toBe(
      JSON.stringify(inputsOf(wave, stage, asked('2'))),
    );
  });

  it('follow the waves that this one builds on, although no verdict speaks of them', () => {
    expect(inputsOf(wave, stage)).toContainEqual({
      dependentTasksOutputFiles: '**/closure/wave-2.*',
      transitive: true,
    });
  });
});

describe('the Nx inputs of the other judging tasks', () => {
  const targets = targetsOf(wave);

  it('let prove see the whole workspace, the last verdict and the waves that it builds on', () => {
    expect(targets['prove']?.inputs).toEqual(
      expect.arrayContaining([
        '{workspaceRoot}/**/*',
        { dependentTasksOutputFiles: '**/.tmp/main-wave-launcher/gates/wave-3/cont-qa.json' },
        { dependentTasksOutputFiles: '**/closure/wave-2.*', transitive: true },
      ]),
    );
  });

  it('follow the paths that an amendment grants', () => {
    const amended: LedgerFacts = {
      landed: false,
      agent: () => ({
        epoch: null,
        entries: [{ id: '', type: 'ownership.amended', content: ['src/more/'] }],
      }),
    };
    expect(inputsOf(wave, 'security', amended)).toContain('{workspaceRoot}/src/more/**/*');
  });
});
