import { completeEnvelope, readAgentEnvelope, type EnvelopeIdentity } from './envelope-draft';
import { payloadSchemas, resultEnvelopeSchema } from './envelope';
import { envelopeRoles, type EnvelopeRole } from './vocabulary';

const proof = {
  state: 'satisfied',
  completion: 'contract',
  durability: 'none',
  proofLevel: 'unit',
  detail: null,
};

const payloads: Record<EnvelopeRole, object> = {
  implementation: { docDelta: { state: 'owned', paths: ['a.md'], detail: null }, components: [] },
  integration: {
    integrationState: { state: 'ready-for-doc-closure', claims: 0, conflicts: 0, blockers: 0, detail: null },
  },
  documentation: { docClosure: { state: 'closed', paths: [], detail: null } },
  'cont-qa': {
    verdict: { verdict: 'pass', detail: null },
    gateClaims: { architecture: 'pass', integration: 'pass', durability: 'gap', live: null, docs: 'pass' },
  },
  'cont-eval': {
    evalState: {
      state: 'satisfied',
      targets: 1,
      benchmarks: 1,
      regressions: 0,
      targetIds: ['t'],
      benchmarkIds: ['b'],
      detail: null,
    },
  },
  security: { securityState: { state: 'clear', findings: 0, approvals: 0, detail: null } },
  deploy: {
    deployState: {
      state: 'healthy',
      environment: 'prod',
      healthCheck: null,
      rolloutArtifact: null,
      detail: null,
    },
  },
  design: {
    designState: {
      state: 'ready-for-implementation',
      decisions: 1,
      assumptions: 0,
      openQuestions: 0,
      detail: null,
    },
  },
};

const runner = {
  waveNumber: 3,
  attempt: 2,
  completedAt: '2030-01-01T00:00:00Z',
  exitCode: 0,
  deliverables: [{ path: 'a.md', exists: true, sha256: 'a'.repeat(64) }],
  proofArtifacts: [],
};

function identity(role: EnvelopeRole): EnvelopeIdentity {
  return { agentId: 'A1', waveNumber: 3, attempt: 2, envelopeRole: role };
}

function minimal(role: EnvelopeRole): Record<string, unknown> {
  return { schemaVersion: 2, agentId: 'A1', role, proof, [role]: payloads[role] };
}

describe('the result envelope', () => {
  it.each(envelopeRoles)('of role %s needs header, proof and its own payload, and nothing else', (role) => {
    const reading = readAgentEnvelope(minimal(role), identity(role));
    if (!reading.ok) throw new Error(JSON.stringify(reading.failures));
    const envelope = completeEnvelope(reading.value, runner);
    expect(resultEnvelopeSchema.parse(envelope)).toEqual(envelope);
    expect(envelope).toMatchObject({
      ...minimal(role),
      ...runner,
      gaps: [],
      unresolvedBlockers: [],
      riskNotes: [],
    });
  });

  it.each(envelopeRoles)('of role %s is refused without its payload, and the message names it', (role) => {
    const { [role]: _payload, ...rest } = minimal(role);
    const reading = readAgentEnvelope(rest, identity(role));
    expect(reading).toMatchObject({ ok: false, failures: [{ code: 'envelope-malformed' }] });
    expect(JSON.stringify(reading)).toContain(`\`${role}\` is missing`);
  });

  const foreign = envelopeRoles.flatMap((role) =>
    envelopeRoles.filter((other) => other !== role).map((other) => [role, other] as const),
  );
  it.each(foreign)('of role %s beside the payload of %s is refused, hybrids excepted', (role, other) => {
    const hybrid = other === 'implementation' && (role === 'design' || role === 'cont-eval');
    const reading = readAgentEnvelope({ ...minimal(role), [other]: payloads[other] }, identity(role));
    expect(reading.ok).toBe(hybrid);
  });

  it.each([
    ['agentId', 'A2'],
    ['waveNumber', 4],
    ['waveNumber', 'zebra'],
    ['attempt', 1],
    ['attempt', -4],
    ['role', 'cont-qa'],
  ])('is refused when its %s says %p', (field, value) => {
    const reading = readAgentEnvelope(
      { ...minimal('implementation'), [field]: value },
      identity('implementation'),
    );
    expect(reading).toMatchObject({ ok: false, failures: [{ code: 'envelope-identity', facts: { field } }] });
  });

  it.each(['schemaVersion', 'agentId', 'role', 'proof'])('is refused without %s', (field) => {
    const { [field]: _gone, ...rest } = minimal('security');
    expect(readAgentEnvelope(rest, identity('security'))).toMatchObject({
      ok: false,
      failures: [{ code: 'envelope-malformed', facts: { field: expect.stringContaining(field) as string } }],
    });
  });

  it.each([null, 7, 'text', [], [{}]])('is refused when it is %p', (value) => {
    expect(readAgentEnvelope(value, identity('design')).ok).toBe(false);
  });

  it('reports every malformed field at once', () => {
    const reading = readAgentEnvelope(
      { ...minimal('security'), proof: { state: 'whatever' }, facts: 'nope' },
      identity('security'),
    );
    if (reading.ok) throw new Error('accepted');
    expect(reading.failures.map(({ facts }) => facts?.['field'])).toEqual(['proof.state', 'facts']);
  });

  it('never takes what belongs to the runner from the agent', () => {
    const reading = readAgentEnvelope(
      {
        ...minimal('design'),
        exitCode: 99,
        completedAt: 'yesterday',
        deliverables: 'nope',
        proofArtifacts: [1],
      },
      identity('design'),
    );
    if (!reading.ok) throw new Error(JSON.stringify(reading.failures));
    expect(completeEnvelope(reading.value, runner)).toMatchObject(runner);
  });

  it('keeps unknown extra fields through a round trip', () => {
    const given = { ...minimal('security'), note: { deep: [1] } };
    const reading = readAgentEnvelope(given, identity('security'));
    expect(reading).toMatchObject({ ok: true, value: { note: { deep: [1] } } });
  });
});

describe('a loose or former envelope', () => {
  it.each<[string, EnvelopeRole, object, object]>([
    [
      'a verdict as a plain word',
      'cont-qa',
      { 'cont-qa': { verdict: 'PASS' } },
      { verdict: { verdict: 'pass' } },
    ],
    [
      'the former key contQa',
      'cont-qa',
      { contQa: { verdict: { verdict: 'fail' } } },
      { verdict: { verdict: 'blocked' } },
    ],
    ['a top-level verdict', 'cont-qa', { verdict: { verdict: 'hold' } }, { verdict: { verdict: 'hold' } }],
    [
      'a flat integration payload',
      'integration',
      { integration: { state: 'clean' } },
      { integrationState: { state: 'ready-for-doc-closure', claims: 0 } },
    ],
    [
      'a state as a plain word',
      'integration',
      { integration: { integrationState: 'claims_pending' } },
      { integrationState: { state: 'needs-more-work' } },
    ],
    [
      'the former key contEval',
      'cont-eval',
      { contEval: { state: 'passed', target_ids: ['t'] } },
      { evalState: { state: 'satisfied', targets: 1, targetIds: ['t'] } },
    ],
    [
      'lists where counts stand',
      'security',
      { security: { state: 'findings', findings: [{ a: 1 }, { b: 2 }] } },
      { securityState: { state: 'concerns', findings: 2 } },
    ],
    [
      'former deploy words',
      'deploy',
      { deploy: { state: 'rolledover' } },
      { deployState: { state: 'rolled-back', environment: null } },
    ],
    [
      'underscores',
      'design',
      { design: { state: 'ready_for_implementation', open_questions: 2 } },
      { designState: { state: 'ready-for-implementation', openQuestions: 2 } },
    ],
    [
      'a top-level doc closure',
      'documentation',
      { docClosure: { state: 'no_change' } },
      { docClosure: { state: 'no-change', paths: [] } },
    ],
    [
      'a doc delta as a word',
      'implementation',
      {
        implementation: {
          docDelta: 'owned',
          components: [{ component: 'c', level: 'repo-landed', state: 'complete' }],
        },
      },
      { docDelta: { state: 'owned' }, components: [{ componentId: 'c', state: 'met' }] },
    ],
    [
      'top-level components',
      'implementation',
      { components: [{ componentId: 'c', level: null, state: 'gap' }] },
      { components: [{ componentId: 'c', state: 'gap' }] },
    ],
  ])('with %s is read', (_what, role, payload, expected) => {
    const { [role]: _own, ...header } = minimal(role);
    const reading = readAgentEnvelope({ ...header, ...payload }, identity(role));
    if (!reading.ok) throw new Error(JSON.stringify(reading.failures));
    expect(payloadSchemas[role].parse(reading.value[role])).toMatchObject(expected);
  });

  it.each([
    ['met', 'satisfied'],
    ['complete', 'satisfied'],
    ['gap', 'partial'],
    ['NOT_APPLICABLE', 'not_applicable'],
  ])('says proof %s and means %s', (word, meant) => {
    const reading = readAgentEnvelope(
      { ...minimal('security'), proof: { state: word } },
      identity('security'),
    );
    expect(reading).toMatchObject({
      ok: true,
      value: { proof: { state: meant, completion: null, detail: null } },
    });
  });

  it('may write gaps and blockers as plain texts; a blocker then blocks', () => {
    const reading = readAgentEnvelope(
      { ...minimal('design'), gaps: ['later'], unresolvedBlockers: 'no key', riskNotes: 'thin ice' },
      identity('design'),
    );
    expect(reading).toMatchObject({
      ok: true,
      value: {
        gaps: [{ kind: 'gap', detail: 'later' }],
        unresolvedBlockers: [{ kind: 'blocker', detail: 'no key', blocking: true }],
        riskNotes: ['thin ice'],
      },
    });
  });

  it('does not turn silence into a claim', () => {
    const reading = readAgentEnvelope(
      { schemaVersion: 2, agentId: 'A1', role: 'cont-qa', proof, 'cont-qa': {} },
      identity('cont-qa'),
    );
    expect(reading.ok).toBe(false);
  });
});
