import { retryPlanSchema, type GateReason, type ResultEnvelope, type RetryPlan } from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { goodPayloads } from '../../testing/envelopes';
import { buildExecutor, buildWave } from '../../testing/resolved';
import { simulateWave, type Behaviour, type Deed, type SimulatedWave } from '../../testing/simulated-wave';
import { component, implementer, steward } from '../../testing/stewards';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { reduceWave } from '../state/reduce-wave';
import { planRetry } from './plan-retry';

const stewards = () => [
  steward('security'),
  steward('integration'),
  steward('documentation'),
  steward('cont-qa'),
];
const whole = () => buildWave([steward('design'), implementer('A1'), implementer('A2'), ...stewards()]);

/** Does well, except for the units that are told what to do. */
function except(deeds: Record<string, Deed>): Behaviour {
  return (unit) => deeds[unit.unitId] ?? {};
}

function launched(wave: ResolvedWave, deeds: Record<string, Deed>): SimulatedWave {
  const sim = simulateWave(wave);
  sim.launch(except(deeds));
  return sim;
}

const says = (envelope: Partial<ResultEnvelope>): Deed => ({ envelope });
const qa = (verdict: object): Deed =>
  says({
    'cont-qa': { ...goodPayloads['cont-qa'], verdict: { verdict: 'blocked', detail: null, ...verdict } },
  });
const agents = (plan: RetryPlan) =>
  plan.invalidated.map((task) => task.replace('wave-3:agent-', '').toUpperCase());
const kept = (plan: RetryPlan) => plan.reusable_proof.map(({ agentId }) => agentId);

interface Scenario {
  title: string;
  wave?: () => ResolvedWave;
  deeds: Record<string, Deed>;
  plan: {
    why: string;
    invalidated: string[];
    kept: string[];
    stage: RetryPlan['resume_from_stage'];
    human?: string[];
    executors?: RetryPlan['executor_changes'];
  };
}

const order = component('order-intake');
const sharing = (): ResolvedWave => ({
  ...buildWave([
    implementer('A1', { components: [order] }),
    implementer('A2', { components: [order] }),
    ...stewards(),
  ]),
  promotions: [order],
});
const proves: Deed = says({
  implementation: {
    docDelta: { state: 'none', paths: [], detail: null },
    components: [{ componentId: 'order-intake', level: 'baseline-proved', state: 'met', detail: null }],
  },
});
const mixed = (runtimeMixTargets: Record<string, number>) => (): ResolvedWave => {
  const executor = buildExecutor(
    'codex',
    {},
    { retryPolicy: 'fallback-allowed', fallbacks: ['claude', 'opencode'] },
  );
  return buildWave([implementer('A1', { executor }), implementer('A2', { executor })], { runtimeMixTargets });
};
const evaluated = (): ResolvedWave => ({
  ...buildWave([implementer('A1'), implementer('A2'), steward('cont-eval'), steward('cont-qa')]),
  evalTargets: [
    {
      id: 'latency',
      selection: 'pinned',
      benchmarkFamily: null,
      benchmarks: ['p99'],
      objective: 'fast',
      threshold: '40 ms',
    },
  ],
});
const evaluates = (evalState: object): Deed =>
  says({ 'cont-eval': { evalState: { ...goodPayloads['cont-eval'].evalState, ...evalState } } });
const withFallbacks = (overrides: Partial<ResolvedAgent['executor']>) => (): ResolvedWave =>
  buildWave([
    implementer('A1'),
    implementer('A2', {
      executor: buildExecutor('codex', {}, { retryPolicy: 'fallback-allowed', ...overrides }),
    }),
  ]);

const scenarios: Scenario[] = [
  {
    title: 'everything is proven: nothing runs again',
    deeds: {},
    plan: {
      why: 'all-gates-pass',
      invalidated: [],
      kept: ['A0', 'A1', 'A2', 'A7', 'A8', 'A9', 'D1'],
      stage: 'none',
    },
  },
  {
    title: 'one slice is not proven: only its agent runs again',
    deeds: { A2: { failures: ['proof-command-failed'] } },
    plan: { why: 'slice-failure', invalidated: ['A2'], kept: ['A1', 'D1'], stage: 'implementation' },
  },
  {
    title: 'one attempt was cut off: only its agent goes on',
    deeds: { A2: { interrupted: true } },
    plan: { why: 'slice-failure', invalidated: ['A2'], kept: ['A1', 'D1'], stage: 'implementation' },
  },
  {
    title: 'one agent timed out: it runs again on the same executor without fallbacks',
    deeds: { A2: { failures: ['agent-timeout'] } },
    plan: { why: 'slice-failure', invalidated: ['A2'], kept: ['A1', 'D1'], stage: 'implementation' },
  },
  {
    title: 'one agent asks a person: the answer blocks it, and nobody else',
    deeds: {
      A2: {
        failures: ['question-unanswered'],
        envelope: { records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which?' }] },
      },
      A1: { failures: ['deliverable-missing'] },
    },
    plan: {
      why: 'human-request',
      invalidated: ['A1', 'A2'],
      kept: ['D1'],
      stage: 'implementation',
      human: ['q1'],
    },
  },
  {
    title: 'a shared component waits for one owner: the one that has landed stays',
    wave: sharing,
    deeds: { A1: proves, A2: { failures: ['component-gap'] } },
    plan: {
      why: 'shared-component-sibling-pending',
      invalidated: ['A2'],
      kept: ['A1'],
      stage: 'implementation',
    },
  },
  {
    title: 'the design is blocked and names nobody: a person reviews it, and no agent runs',
    deeds: {
      D1: says({ design: { designState: { ...goodPayloads.design.designState, state: 'blocked' } } }),
    },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['D1'],
      stage: 'implementation',
      human: ['review:D1'],
    },
  },
  {
    title: 'the evaluator needs more work and names an owner: the owner and the evaluator',
    wave: evaluated,
    deeds: { E0: evaluates({ state: 'needs-more-work', owners: ['A2'] }) },
    plan: { why: 'gate-failure', invalidated: ['A2', 'E0'], kept: ['A1'], stage: 'implementation' },
  },
  {
    title: 'the evaluator needs more work from nobody in particular: a person reviews it',
    wave: evaluated,
    deeds: { E0: evaluates({ state: 'needs-more-work' }) },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['A1', 'A2', 'E0'],
      stage: 'cont-qa',
      human: ['review:E0'],
    },
  },
  {
    title:
      'the evaluator ran other benchmarks than it was asked for: it is asked again, since that is no judgement',
    wave: evaluated,
    deeds: { E0: evaluates({ benchmarkIds: ['p50'] }) },
    plan: { why: 'gate-failure', invalidated: ['E0'], kept: ['A1', 'A2'], stage: 'cont-eval' },
  },
  {
    title: 'security blocks and names an owner: the owner, then security',
    deeds: {
      A7: says({
        security: {
          securityState: { ...goodPayloads.security.securityState, state: 'blocked', owners: ['A1'] },
        },
      }),
    },
    plan: { why: 'gate-failure', invalidated: ['A1', 'A7'], kept: ['A2', 'D1'], stage: 'implementation' },
  },
  {
    title: 'security says clear with findings: security itself is asked again, since that is no judgement',
    deeds: {
      A7: says({ security: { securityState: { state: 'clear', findings: 2, approvals: 0, detail: null } } }),
    },
    plan: { why: 'gate-failure', invalidated: ['A7'], kept: ['A1', 'A2', 'D1'], stage: 'security' },
  },
  {
    title: 'integration needs more work from nobody in particular: a person reviews it',
    deeds: {
      A8: says({
        integration: {
          integrationState: { ...goodPayloads.integration.integrationState, state: 'needs-more-work' },
        },
      }),
    },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['A1', 'A2', 'A7', 'A8', 'D1'],
      stage: 'documentation',
      human: ['review:A8'],
    },
  },
  {
    title: 'documents still have to change: a person reviews it',
    deeds: { A9: says({ documentation: { docClosure: { state: 'delta', paths: [], detail: null } } }) },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['A1', 'A2', 'A7', 'A8', 'A9', 'D1'],
      stage: 'cont-qa',
      human: ['review:A9'],
    },
  },
  {
    title: 'cont-QA is blocked and names an owner: the owner and every steward after it',
    deeds: { A0: qa({ owners: ['A2'] }) },
    plan: {
      why: 'gate-failure',
      invalidated: ['A0', 'A2', 'A7', 'A8', 'A9'],
      kept: ['A1', 'D1'],
      stage: 'implementation',
    },
  },
  {
    title: 'cont-QA is blocked and names a steward before it: that one and what follows',
    deeds: { A0: qa({ owners: ['A9'] }) },
    plan: {
      why: 'gate-failure',
      invalidated: ['A0', 'A9'],
      kept: ['A1', 'A2', 'A7', 'A8', 'D1'],
      stage: 'documentation',
    },
  },
  {
    title: 'cont-QA is blocked and names nobody: a person reviews it',
    deeds: { A0: qa({}) },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['A0', 'A1', 'A2', 'A7', 'A8', 'A9', 'D1'],
      stage: 'none',
      human: ['review:A0'],
    },
  },
  {
    title: 'cont-QA is blocked and names itself: that would be shopping for a verdict',
    deeds: { A0: qa({ owners: ['A0'] }) },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['A0', 'A1', 'A2', 'A7', 'A8', 'A9', 'D1'],
      stage: 'none',
      human: ['review:A0'],
    },
  },
  {
    title: 'cont-QA names somebody who is not in the wave: a person reviews it',
    deeds: { A0: qa({ owners: ['A77'] }) },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['A0', 'A1', 'A2', 'A7', 'A8', 'A9', 'D1'],
      stage: 'none',
      human: ['review:A0'],
    },
  },
  {
    title: 'two agents contradict each other: those two, and the stewards that built on them',
    deeds: {
      A8: says({
        records: [{ kind: 'contradiction', id: 'c1', summary: 'cents or euros', targets: ['A1', 'A2'] }],
      }),
    },
    plan: {
      why: 'gate-failure',
      invalidated: ['A1', 'A2', 'A7', 'A8'],
      kept: ['D1'],
      stage: 'implementation',
    },
  },
  {
    title: 'a request is not answered: its assignee runs again, with the request',
    deeds: { A1: says({ records: [{ kind: 'request', id: 'r1', summary: 'Export it', targets: ['A2'] }] }) },
    plan: { why: 'gate-failure', invalidated: ['A2'], kept: ['A1', 'D1'], stage: 'implementation' },
  },
  {
    title: 'a request to a capability that two agents have goes to the first of those who are least busy',
    wave: () =>
      buildWave([
        implementer('A1'),
        implementer('A2', { capabilities: ['docs'] }),
        implementer('A3', { capabilities: ['docs'] }),
      ]),
    deeds: {
      A1: says({
        records: [
          { kind: 'request', id: 'r1', summary: 'Look at it', targets: ['A2'], blocking: false },
          { kind: 'request', id: 'r2', summary: 'Document it', targets: ['capability:docs'] },
        ],
      }),
    },
    plan: { why: 'gate-failure', invalidated: ['A3'], kept: ['A1', 'A2'], stage: 'implementation' },
  },
  {
    title: 'records that block nobody send nobody back, to people or to agents',
    deeds: {
      A1: says({
        records: [
          { kind: 'request', id: 'r1', summary: 'By the way', targets: ['A2'], blocking: false },
          { kind: 'request', id: 'r2', summary: 'If you like', targets: ['human'], blocking: false },
          { kind: 'blocker', id: 'b1', summary: 'Was slow', severity: 'stale' },
          { kind: 'contradiction', id: 'c1', summary: 'Two names', targets: ['A2'], severity: 'advisory' },
          { kind: 'claim', id: 'k1', summary: 'It is fast' },
        ],
      }),
    },
    plan: {
      why: 'all-gates-pass',
      invalidated: [],
      kept: ['A0', 'A1', 'A2', 'A7', 'A8', 'A9', 'D1'],
      stage: 'none',
    },
  },
  {
    title: 'a request finds nobody: a person has to say whose it is',
    deeds: {
      A1: says({ records: [{ kind: 'request', id: 'r1', summary: 'Do it', targets: ['capability:ops'] }] }),
    },
    plan: {
      why: 'human-request',
      invalidated: [],
      kept: ['A1', 'A2', 'D1'],
      stage: 'security',
      human: ['review:A1'],
    },
  },
  {
    title: 'the service limits the executor: the next fallback that is another one',
    wave: withFallbacks({ fallbacks: ['codex', 'claude', 'opencode'] }),
    deeds: { A2: { failures: ['agent-rate-limited'] } },
    plan: {
      why: 'slice-failure',
      invalidated: ['A2'],
      kept: ['A1'],
      stage: 'implementation',
      executors: [{ agentId: 'A2', from: 'codex', to: 'claude' }],
    },
  },
  {
    title: 'the program could not be started: the next fallback',
    wave: withFallbacks({ fallbacks: ['claude'] }),
    deeds: { A2: { failures: ['executor-unavailable'] } },
    plan: {
      why: 'slice-failure',
      invalidated: ['A2'],
      kept: ['A1'],
      stage: 'implementation',
      executors: [{ agentId: 'A2', from: 'codex', to: 'claude' }],
    },
  },
  {
    title: 'a fallback has room for one more agent: the first gets it, the second the next one',
    wave: mixed({ claude: 1 }),
    deeds: { A1: { failures: ['agent-quota'] }, A2: { failures: ['agent-quota'] } },
    plan: {
      why: 'slice-failure',
      invalidated: ['A1', 'A2'],
      kept: [],
      stage: 'implementation',
      executors: [
        { agentId: 'A1', from: 'codex', to: 'claude' },
        { agentId: 'A2', from: 'codex', to: 'opencode' },
      ],
    },
  },
  {
    title: 'no fallback has room: the executor stays',
    wave: mixed({ claude: 0, opencode: 0 }),
    deeds: { A2: { failures: ['agent-quota'] } },
    plan: { why: 'slice-failure', invalidated: ['A2'], kept: ['A1'], stage: 'implementation' },
  },
  {
    title: 'the work was bad: the executor stays',
    wave: withFallbacks({ fallbacks: ['claude'] }),
    deeds: { A2: { failures: ['proof-command-failed'] } },
    plan: { why: 'slice-failure', invalidated: ['A2'], kept: ['A1'], stage: 'implementation' },
  },
  {
    title: 'a sticky agent stays where it is',
    wave: withFallbacks({ fallbacks: ['claude'], retryPolicy: 'sticky' }),
    deeds: { A2: { failures: ['agent-rate-limited'] } },
    plan: { why: 'slice-failure', invalidated: ['A2'], kept: ['A1'], stage: 'implementation' },
  },
];

describe('planRetry', () => {
  it.each(scenarios)('$title', ({ wave = whole, deeds, plan: expected }) => {
    const plan = planRetry(launched(wave(), deeds).state());
    expect(retryPlanSchema.parse(plan)).toEqual(plan);
    expect({
      why: plan.why_resuming.split(':')[0],
      invalidated: agents(plan),
      kept: kept(plan),
      stage: plan.resume_from_stage,
      human: plan.human_inputs_blocking,
      executors: plan.executor_changes,
    }).toEqual({ human: [], executors: [], ...expected });
  });

  it('has exactly the six fields, and says which plan of which wave it is', () => {
    expect(Object.keys(planRetry(launched(whole(), {}).state())).sort()).toEqual([
      'executor_changes',
      'human_inputs_blocking',
      'invalidated',
      'resume_from_stage',
      'reusable_proof',
      'schemaVersion',
      'wave',
      'why_resuming',
    ]);
  });

  it('gives the same bytes for the same evidence in any order', () => {
    const sim = launched(whole(), { A0: qa({ owners: ['A2'] }), A7: { interrupted: true } });
    const evidence = sim.evidence();
    const turned = reduceWave({
      ...evidence,
      attempts: [...evidence.attempts, ...evidence.attempts].reverse(),
      bundles: [...evidence.bundles].reverse(),
      ledger: [...evidence.ledger].reverse(),
      verdicts: [...evidence.verdicts].reverse(),
    });
    expect(canonicalJson(planRetry(turned))).toBe(canonicalJson(planRetry(sim.state())));
  });

  it('names the red set of a merge, and keeps the slices that are not in it', () => {
    const red: GateReason = {
      gate: 'merge',
      code: 'merge-red',
      detail: 'npm test is red with A1 and A2 together.',
      agentIds: ['A1', 'A2'],
      paths: [],
      command: 'npm test',
    };
    const wave = buildWave([implementer('A1'), implementer('A2'), implementer('A3'), ...stewards()]);
    const sim = simulateWave(wave, { mergeFindings: (stage) => (stage === 'implementation' ? [red] : []) });
    sim.launch(except({}));
    const plan = planRetry(sim.state());
    expect(plan.why_resuming).toMatch(/^merge-failure: merge-red: /);
    expect(agents(plan)).toEqual(['A1', 'A2']);
    expect(kept(plan)).toEqual(['A3']);
  });

  it('runs nobody for a wave that is red only because its base moved', () => {
    const drift: GateReason = {
      gate: 'merge',
      code: 'base-drift',
      detail: 'npm test is red on the base alone.',
      agentIds: [],
      paths: [],
      command: 'npm test',
    };
    const sim = simulateWave(buildWave([implementer('A1')]), { mergeFindings: () => [drift] });
    sim.launch(except({}));
    expect(planRetry(sim.state())).toMatchObject({
      invalidated: [],
      human_inputs_blocking: ['review:merge'],
    });
  });

  it('runs agents again that a person asks for, with what builds on them', () => {
    const sim = launched(whole(), {});
    const plan = planRetry(sim.state(), { agents: ['A9'] });
    expect(plan.why_resuming).toBe('requested: A9 shall run again');
    expect(agents(plan)).toEqual(['A0', 'A9']);
  });

  it('carries along agents that depend on one that runs again', () => {
    const wave = buildWave([implementer('A1'), implementer('A2', { dependsOn: ['A1'] }), implementer('A3')]);
    const plan = planRetry(launched(wave, {}).state(), { agents: ['A1'] });
    expect(agents(plan)).toEqual(['A1', 'A2']);
    expect(kept(plan)).toEqual(['A3']);
  });

  it('never goes back to an executor that was tried', () => {
    const sim = simulateWave(withFallbacks({ fallbacks: ['claude', 'opencode'] })());
    const tried: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      sim.launch(except({ A2: { failures: ['agent-exit'] } }));
      const plan = planRetry(sim.state());
      tried.push(...plan.executor_changes.map(({ from, to }) => `${from} to ${to}`));
      sim.apply(plan);
    }
    expect(tried).toEqual(['codex to claude', 'claude to opencode']);
  });

  it('does not list what never ran, though it will', () => {
    const plan = planRetry(simulateWave(whole()).state());
    expect(plan).toMatchObject({ invalidated: [], reusable_proof: [], resume_from_stage: 'design' });
    expect(plan.why_resuming).toBe(
      'work-left: not run yet on the present inputs: A0, A1, A2, A7, A8, A9, D1',
    );
  });

  it('does not reuse a proof that a person revoked', () => {
    const sim = launched(whole(), {});
    const proof = sim.attempts.find(({ predicate }) => predicate.agentId === 'A1');
    sim.record({ type: 'bundle.revoked', agentId: 'A1', proofDigest: proof?.proofDigest ?? '' });
    const plan = planRetry(sim.state());
    expect(agents(plan)).toEqual(['A1']);
    expect(kept(plan)).toEqual(['A2', 'D1']);
  });

  it('reuses the proof of the present key, never one that a later spec has superseded', () => {
    const wave = buildWave([implementer('A1'), implementer('A2')]);
    const sim = launched(wave, {});
    sim.apply(planRetry(sim.state(), { agents: ['A1'] }));
    sim.record({ type: 'retry.applied', agents: ['A1'], fresh: false, executorChanges: [] });
    expect(kept(planRetry(sim.state()))).toEqual(['A2']);
    sim.launch(except({}));
    expect(planRetry(sim.state()).reusable_proof).toEqual([
      { agentId: 'A1', proofBundleId: 'wave-3/A1/attempt-2' },
      { agentId: 'A2', proofBundleId: 'wave-3/A2/attempt-1' },
    ]);
  });

  it('plans nothing while the slices wait for a task to prove them together, or for another wave', () => {
    const wait: GateReason = {
      gate: 'merge',
      code: 'merge-unproven',
      detail: 'Not proved together yet.',
      agentIds: [],
      paths: [],
      command: null,
      repair: 'wait',
    };
    const sim = simulateWave(whole(), { mergeFindings: (stage) => (stage === 'design' ? [wait] : []) });
    sim.launch(except({}));
    expect(planRetry(sim.state())).toMatchObject({ invalidated: [], human_inputs_blocking: [] });
    expect(kept(planRetry(sim.state()))).toEqual(['D1']);
  });

  it('has nothing to say about a wave that has landed', () => {
    const sim = launched(whole(), { A0: qa({ owners: ['A2'] }) });
    sim.record({ type: 'wave.landed', closureDigest: 'f'.repeat(64), changes: [], agents: [] });
    expect(planRetry(sim.state())).toMatchObject({
      invalidated: [],
      resume_from_stage: 'none',
      human_inputs_blocking: [],
    });
    sim.record({ type: 'wave.reopened' });
    expect(agents(planRetry(sim.state()))).toContain('A2');
  });

  it('asks for no second answer once the first is given', () => {
    const asks: Deed = {
      failures: ['question-unanswered'],
      envelope: { records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which?' }] },
    };
    const sim = launched(whole(), { A2: asks });
    expect(sim.launch(except({ A2: asks }))).toEqual([]);
    sim.record({ type: 'request.answered', requestId: 'q1', agentId: 'A2', text: 'The second.' });
    const plan = planRetry(sim.state());
    expect(plan.human_inputs_blocking).toEqual([]);
    expect(agents(plan)).toEqual(['A2']);
    expect(sim.launch(except({}))).toContain('A2');
    expect(sim.state().closureReady).toBe(true);
  });

  it('asks an owner once for one judgement: if its result stays the same, a person reviews it', () => {
    const blocked: Record<string, Deed> = { A0: qa({ owners: ['A2'] }) };
    const sim = launched(whole(), blocked);
    sim.apply(planRetry(sim.state()));
    expect(sim.launch(except(blocked))).toEqual(['A2']);
    expect(planRetry(sim.state())).toMatchObject({ invalidated: [], human_inputs_blocking: ['review:A0'] });
  });

  it('asks an owner again when the steward judged its new result and still names it', () => {
    const blocked: Record<string, Deed> = { A0: qa({ owners: ['A2'] }) };
    const sim = launched(whole(), blocked);
    sim.apply(planRetry(sim.state()));
    expect(sim.launch(except({ ...blocked, A2: { content: 'mended' } }))).toEqual([
      'A0',
      'A2',
      'A7',
      'A8',
      'A9',
    ]);
    expect(agents(planRetry(sim.state()))).toContain('A2');
  });
});
