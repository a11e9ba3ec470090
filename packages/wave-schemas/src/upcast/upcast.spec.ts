import { documents, type DocumentName } from '../documents';
import { upcast } from './index';

const hash = 'a'.repeat(64);
const at = '2030-01-02T03:04:05.678Z';

/** Lifts a former document and gives back what its schema reads. */
function lift(name: DocumentName, value: unknown, seq?: number): unknown {
  return documents[name].schema.parse(upcast(name, value, seq === undefined ? {} : { seq }));
}

describe('a resume plan of the earlier system', () => {
  const plan = {
    resumePlanVersion: 1,
    wave: 3,
    lane: 'main',
    attempt: 2,
    reason: 'gate-failure',
    canResume: true,
    invalidatedAgentIds: ['A2', 'A10'],
    reusableAgentIds: ['A1', 'A3'],
    reusableProofBundleIds: ['proof-A3-7', 'proof-A1-2', 'proof-9'],
    resumeFromPhase: 'integrating',
    executorChanges: [
      { agentId: 'A2', currentExecutor: 'codex', suggestedFallback: 'claude', reason: 'rate-limit' },
      { agentId: 'A10', currentExecutor: 'claude', suggestedFallback: 'claude', reason: 'rate-limit' },
    ],
    humanInputBlockers: [{ taskId: 'wave-3:A2:primary', title: 'Which port?', assigneeAgentId: 'A2' }],
    gateBlockers: [
      { gate: 'integrationBarrier', statusCode: 'integration-needs-more-work', detail: 'two claims' },
    ],
    deterministic: true,
    createdAt: at,
  };

  it('becomes a retry plan: tasks, pairs of bundle and agent, stages, no clock', () => {
    expect(lift('retry-plan', plan)).toEqual({
      schemaVersion: 1,
      wave: 'wave-3',
      why_resuming: 'gate-failure: integrationBarrier, integration-needs-more-work, two claims',
      invalidated: ['wave-3:agent-a10', 'wave-3:agent-a2'],
      reusable_proof: [
        { proofBundleId: 'proof-A1-2', agentId: 'A1' },
        { proofBundleId: 'proof-A3-7', agentId: 'A3' },
      ],
      resume_from_stage: 'integration',
      executor_changes: [{ agentId: 'A2', from: 'codex', to: 'claude' }],
      human_inputs_blocking: ['wave-3:agent-a2'],
    });
  });

  it.each([
    ['completed', 'none'],
    ['security-review', 'security'],
    ['docs-closure', 'documentation'],
    ['cont-qa-closure', 'cont-qa'],
    ['implementation', 'implementation'],
  ])('resumes from %s as %s', (resumeFromPhase, stage) => {
    expect(lift('retry-plan', { ...plan, resumeFromPhase })).toMatchObject({ resume_from_stage: stage });
  });

  it('names another lane, and one bundle of the one proven agent', () => {
    const other = { ...plan, lane: 'beta', reusableAgentIds: ['A1'], reusableProofBundleIds: ['proof-9'] };
    expect(lift('retry-plan', other)).toMatchObject({
      wave: 'beta-wave-3',
      reusable_proof: [{ proofBundleId: 'proof-9', agentId: 'A1' }],
    });
  });

  it('may be a relaunch plan, which names who is started again', () => {
    const relaunch = {
      schemaVersion: 1,
      kind: 'wave-relaunch-plan',
      wave: 4,
      attempt: 1,
      phase: 'running',
      selectedAgentIds: ['A2', 'A1'],
      reasonBuckets: { 'Timed out': ['A2'] },
      executorStates: {},
      createdAt: at,
    };
    expect(lift('retry-plan', relaunch)).toMatchObject({
      why_resuming: 'timed-out: Timed out',
      invalidated: ['wave-4:agent-a1', 'wave-4:agent-a2'],
      resume_from_stage: 'implementation',
    });
  });

  it('may have the six fields alone', () => {
    const fields = {
      why_resuming: 'timeout: A2 ran out of time',
      invalidated: ['wave-3:agent-a2'],
      reusable_proof: [],
      resume_from_stage: 'implementation',
      executor_changes: [],
      human_inputs_blocking: [],
    };
    expect(lift('retry-plan', { ...fields, wave: 3 })).toEqual({
      ...fields,
      schemaVersion: 1,
      wave: 'wave-3',
    });
  });
});

describe('a task of the earlier system', () => {
  const task = {
    taskId: 'wave-3:A2:primary',
    version: 4,
    contentHash: hash,
    waveNumber: 3,
    lane: 'main',
    taskType: 'implementation',
    title: 'Retry engine',
    detail: 'words',
    ownerAgentId: 'A2',
    assigneeAgentId: 'A2',
    leaseState: 'released',
    leaseOwner: 'x',
    proofRequirements: { proofLevel: 'unit' },
    dependencyEdges: [{ taskId: 'wave-3:A1:primary', kind: 'blocks', status: 'proven' }],
    components: [{ componentId: 'core', targetLevel: 'repo-landed' }],
    status: 'in_progress',
    closureState: 'owned_slice_proven',
    sourceRecordId: null,
    createdAt: at,
    updatedAt: at,
  };

  it('is named by its Nx task and loses clocks and leases', () => {
    expect(lift('task', task)).toEqual({
      schemaVersion: 1,
      taskId: 'wave-3:agent-a2',
      wave: 'wave-3',
      taskType: 'implementation',
      title: 'Retry engine',
      detail: 'words',
      assignee: 'A2',
      contentHash: hash,
      proofRequirements: { proofLevel: 'unit' },
      status: 'in_progress',
      closureState: 'owned_slice_proven',
      components: [{ componentId: 'core', targetLevel: 'repo-landed' }],
      edges: [{ taskId: 'wave-3:agent-a1', kind: 'blocks', status: 'proven' }],
      sourceRecordId: null,
    });
  });

  it.each([
    ['dependency', 'helper'],
    ['escalation', 'human-input'],
    ['component', 'component'],
  ])('of type %s is one of type %s and keeps its id', (taskType, now) => {
    const system = {
      ...task,
      taskType,
      taskId: 'wave-3:system:promo-core',
      ownerAgentId: null,
      assigneeAgentId: null,
    };
    expect(lift('task', system)).toMatchObject({
      taskId: 'wave-3:system:promo-core',
      taskType: now,
      assignee: null,
    });
  });
});

describe('a control-plane event of the earlier system', () => {
  const event = {
    recordVersion: 1,
    id: 'ctrl-agent_run-0a1b2c3d',
    lane: 'main',
    wave: 3,
    runKind: 'roadmap',
    runId: null,
    entityType: 'agent_run',
    entityId: 'wave-3-attempt-2-agent-A2',
    action: 'completed',
    source: 'launcher',
    actor: 'launcher',
    recordedAt: at,
    attempt: 2,
    data: { exitCode: 0 },
  };

  it('keeps its place in the log and who it is about', () => {
    expect(lift('control-plane-event', event, 7)).toMatchObject({
      seq: 7,
      at,
      wave: 'wave-3',
      agentId: 'A2',
      attempt: 2,
      type: 'agent_run.completed',
      data: { exitCode: 0, id: 'ctrl-agent_run-0a1b2c3d', entityId: 'wave-3-attempt-2-agent-A2' },
    });
  });

  it('is about no agent where none is named', () => {
    const wave = { ...event, entityType: 'wave_run', entityId: 'wave-3', attempt: 0, lane: 'beta' };
    expect(lift('control-plane-event', wave)).toMatchObject({
      seq: 0,
      wave: 'beta-wave-3',
      agentId: null,
      attempt: null,
    });
  });
});

describe('what agents and people told each other in the earlier system', () => {
  const record = {
    recordVersion: 1,
    id: 'r-1',
    kind: 'blocker',
    wave: 3,
    lane: 'main',
    agentId: 'A2',
    targets: ['agent:A1', 'capability:schema-migration'],
    status: 'open',
    priority: 'high',
    blocking: true,
    blockerSeverity: 'proof-critical',
    artifactRefs: ['src/a.ts'],
    summary: 'no port',
    detail: '',
  };

  it.each([
    ['blocker', 'open', { kind: 'blocker', blocking: true, severity: 'proof-critical' }],
    ['blocker', 'resolved', { kind: 'blocker', blocking: false }],
    ['ack', 'acknowledged', { kind: 'evidence' }],
    ['integration-summary', 'open', { kind: 'evidence' }],
    ['orchestrator-guidance', 'open', { kind: 'decision' }],
    ['resolved-by-policy', 'closed', { kind: 'decision', blocking: false }],
    ['human-feedback', 'open', { kind: 'clarification-request' }],
    ['human-escalation', 'open', { kind: 'clarification-request' }],
    ['clarification-request', 'open', { kind: 'clarification-request' }],
  ])('a record of kind %s that is %s', (kind, status, expected) => {
    expect(lift('record', { ...record, kind, status })).toMatchObject({
      ...expected,
      summary: 'no port',
      id: 'r-1',
    });
  });

  it('a fact with an object for content', () => {
    const fact = { factId: 'f-1', kind: 'proof', content: { tests: 12 }, status: 'active', version: 2 };
    expect(lift('fact', fact)).toMatchObject({ factId: 'f-1', content: '{"tests":12}', version: 2 });
  });

  it('a contradiction, blocking the integration unless it says otherwise', () => {
    const contradiction = {
      contradictionId: 'c-1',
      waveNumber: 3,
      lane: 'main',
      kind: 'claim_conflict',
      status: 'repair_in_progress',
      reportedBy: 'A8',
      parties: [{ agentId: 'A1', claim: 'yes' }, { agentId: 'A2', claim: 'no', evidence: 'log' }, 'nobody'],
      affectedTasks: ['wave-3:A2:primary'],
      repairWork: null,
    };
    expect(lift('contradiction', contradiction)).toMatchObject({
      wave: 'wave-3',
      severity: 'blocking',
      parties: [
        { agentId: 'A1', evidence: null },
        { agentId: 'A2', evidence: 'log' },
      ],
      affectedTasks: ['wave-3:agent-a2'],
      impactedGates: ['integrationBarrier'],
      resolution: null,
    });
  });

  it.each([
    ['timed-out', 'timed_out'],
    ['answered', 'answered'],
  ])('a question to a person that is %s', (state, now) => {
    const input = {
      humanInputId: 'h-1',
      waveNumber: 3,
      lane: 'main',
      kind: 'approval',
      status: state,
      requestedBy: 'A2',
      assignedTo: 'Ada',
      question: 'Which port?',
      operator: 'Ada',
      response: { text: '8080' },
    };
    expect(lift('human-input', input)).toMatchObject({
      requestId: 'h-1',
      agentId: 'A2',
      kind: 'human-input',
      state: now,
      summary: 'Which port?',
      assignee: 'Ada',
      answer: '8080',
      answeredBy: 'Ada',
    });
  });
});

describe('the door for older shapes', () => {
  it('leaves what it does not know to the schema', () => {
    for (const name of Object.keys(documents) as DocumentName[])
      for (const value of [null, 7, 'text', [], { wave: 'none' }]) upcast(name, value);
    expect(upcast('verdict', { ok: 1 })).toEqual({ ok: 1 });
    expect(documents['retry-plan'].schema.safeParse(upcast('retry-plan', { wave: 3 })).success).toBe(false);
  });
});
