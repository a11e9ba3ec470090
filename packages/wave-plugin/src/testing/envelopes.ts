import type { EnvelopePayloads, EnvelopeRole, ResultEnvelope } from '@nx-wave/schemas';

/** The payload with which each role says that all is well. */
export const goodPayloads: { readonly [R in EnvelopeRole]: NonNullable<EnvelopePayloads[R]> } = {
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
  design: {
    designState: {
      state: 'ready-for-implementation',
      decisions: 2,
      assumptions: 1,
      openQuestions: 0,
      detail: null,
    },
  },
  'cont-eval': {
    evalState: {
      state: 'satisfied',
      targets: 1,
      benchmarks: 1,
      regressions: 0,
      targetIds: ['latency'],
      benchmarkIds: ['p99'],
      detail: null,
    },
  },
  security: { securityState: { state: 'clear', findings: 0, approvals: 0, detail: null } },
  integration: {
    integrationState: { state: 'ready-for-doc-closure', claims: 0, conflicts: 0, blockers: 0, detail: null },
  },
  documentation: { docClosure: { state: 'closed', paths: [], detail: null } },
  'cont-qa': {
    verdict: { verdict: 'pass', detail: null },
    gateClaims: { architecture: 'pass', integration: 'pass', durability: 'pass', live: 'pass', docs: 'pass' },
  },
  deploy: {
    deployState: {
      state: 'healthy',
      environment: 'staging',
      healthCheck: null,
      rolloutArtifact: null,
      detail: null,
    },
  },
};

/** An envelope that claims the most of everything; overrides replace whole members. */
export function buildEnvelope(role: EnvelopeRole, overrides: Partial<ResultEnvelope> = {}): ResultEnvelope {
  return {
    schemaVersion: 2,
    agentId: 'A1',
    waveNumber: 3,
    attempt: 1,
    completedAt: '2026-01-02T03:04:05.000Z',
    exitCode: 0,
    role,
    proof: {
      state: 'satisfied',
      completion: 'live',
      durability: 'durable',
      proofLevel: 'live',
      detail: null,
    },
    deliverables: [],
    proofArtifacts: [],
    gaps: [],
    unresolvedBlockers: [],
    riskNotes: [],
    [role]: goodPayloads[role],
    ...overrides,
  };
}
