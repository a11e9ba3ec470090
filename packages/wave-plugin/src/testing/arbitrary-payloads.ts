import { payloadSchemas, type EnvelopePayloads, type EnvelopeRole } from '@nx-wave/schemas';
import fc from 'fast-check';

const detail = fc.option(fc.string(), { nil: null });
const count = fc.nat({ max: 3 });
const owners = fc.option(fc.uniqueArray(fc.constantFrom('A1', 'A2', 'A9', 'nobody')), { nil: undefined });
const ids = fc.uniqueArray(fc.constantFrom('latency', 'p99', 'other'), { maxLength: 3 });
const claim = fc.constantFrom('pass' as const, 'concerns' as const, 'blocked' as const, 'gap' as const, null);

/** Any payload that its schema accepts, by role. */
const payloads: { readonly [R in EnvelopeRole]: fc.Arbitrary<unknown> } = {
  implementation: fc.record({
    docDelta: fc.record({
      state: fc.constantFrom('none', 'owned', 'shared-plan'),
      paths: fc.array(fc.constantFrom('docs/a.md', 'docs/b.md')),
      detail,
    }),
    components: fc.array(
      fc.record({
        componentId: fc.constantFrom('order-intake', 'stock'),
        level: fc.constantFrom('repo-landed', 'baseline-proved', 'pilot-live', 'nowhere', null),
        state: fc.constantFrom('met', 'gap'),
        detail,
      }),
    ),
    infraState: fc.constantFrom(undefined, { target: 'db', state: 'drifted' }, [
      { target: 'db', state: 'conformant' },
    ]),
  }),
  design: fc.record({
    designState: fc.record({
      state: fc.constantFrom('ready-for-implementation', 'needs-clarification', 'blocked'),
      decisions: count,
      assumptions: count,
      openQuestions: count,
      detail,
      owners,
    }),
  }),
  'cont-eval': fc.record({
    evalState: fc.record({
      state: fc.constantFrom('satisfied', 'needs-more-work', 'blocked'),
      targets: count,
      benchmarks: count,
      regressions: count,
      targetIds: ids,
      benchmarkIds: ids,
      detail,
      owners,
    }),
  }),
  security: fc.record({
    securityState: fc.record({
      state: fc.constantFrom('clear', 'concerns', 'blocked'),
      findings: count,
      approvals: count,
      detail,
      owners,
    }),
  }),
  integration: fc.record({
    integrationState: fc.record({
      state: fc.constantFrom('ready-for-doc-closure', 'needs-more-work'),
      claims: count,
      conflicts: count,
      blockers: count,
      detail,
      owners,
    }),
  }),
  documentation: fc.record({
    docClosure: fc.record({
      state: fc.constantFrom('closed', 'no-change', 'delta'),
      paths: fc.array(fc.constantFrom('docs/a.md', 'docs/b.md')),
      detail,
    }),
  }),
  'cont-qa': fc.record({
    verdict: fc.record({ verdict: fc.constantFrom('pass', 'concerns', 'blocked', 'hold'), detail, owners }),
    gateClaims: fc.record({
      architecture: claim,
      integration: claim,
      durability: claim,
      live: claim,
      docs: claim,
    }),
  }),
  deploy: fc.record({
    deployState: fc.record({
      state: fc.constantFrom('deploying', 'healthy', 'failed', 'rolled-back', 'not_applicable'),
      environment: fc.option(fc.constant('staging'), { nil: null }),
      healthCheck: detail,
      rolloutArtifact: detail,
      detail,
    }),
  }),
};

/** Any valid payload of a role, as its schema reads it. */
export function arbitraryPayload<R extends EnvelopeRole>(
  role: R,
): fc.Arbitrary<NonNullable<EnvelopePayloads[R]>> {
  return payloads[role].map(
    (payload) => payloadSchemas[role].parse(payload) as NonNullable<EnvelopePayloads[R]>,
  );
}
