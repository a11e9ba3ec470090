import * as z from 'zod';
import { lazily } from './lazily';
import { factSchema, recordSchema } from './record';
import { completionLevels, durabilityLevels, proofLevels, type EnvelopeRole } from './vocabulary';

const sha256Hex = lazily(() => z.string().regex(/^[0-9a-f]{64}$/));
/** What several payloads hold. */
const shared = lazily(() => ({
  detail: z.string().nullable(),
  count: z.int().nonnegative(),
  claimWord: z.enum(['pass', 'concerns', 'blocked', 'gap']).nullable(),
}));

export const proofClaimSchema = lazily(() =>
  z.looseObject({
    state: z.enum(['satisfied', 'partial', 'failed', 'not_applicable']),
    completion: z.enum(completionLevels).nullable(),
    durability: z.enum(durabilityLevels).nullable(),
    proofLevel: z.enum(proofLevels).nullable(),
    detail: shared.detail,
  }),
);

export const gapSchema = lazily(() => z.looseObject({ kind: z.string().min(1), detail: shared.detail }));
export const unresolvedBlockerSchema = lazily(() =>
  z.looseObject({
    kind: z.string().min(1),
    detail: shared.detail,
    blocking: z.boolean(),
  }),
);

const componentClaimSchema = lazily(() =>
  z.looseObject({
    componentId: z.string().min(1),
    level: z.string().nullable(),
    state: z.enum(['met', 'gap']),
    detail: shared.detail,
  }),
);

export const implementationPayloadSchema = lazily(() =>
  z.looseObject({
    docDelta: z.looseObject({
      state: z.enum(['none', 'owned', 'shared-plan']),
      paths: z.array(z.string()),
      detail: shared.detail,
    }),
    components: z.array(componentClaimSchema),
  }),
);

export const integrationPayloadSchema = lazily(() =>
  z.looseObject({
    integrationState: z.looseObject({
      state: z.enum(['ready-for-doc-closure', 'needs-more-work']),
      claims: shared.count,
      conflicts: shared.count,
      blockers: shared.count,
      detail: shared.detail,
      /** Agents whose slices have to change; what a retry plan reruns. */
      owners: z.array(z.string()).optional(),
    }),
  }),
);

export const documentationPayloadSchema = lazily(() =>
  z.looseObject({
    docClosure: z.looseObject({
      state: z.enum(['closed', 'no-change', 'delta']),
      paths: z.array(z.string()),
      detail: shared.detail,
    }),
  }),
);

export const contQaPayloadSchema = lazily(() =>
  z.looseObject({
    verdict: z.looseObject({
      verdict: z.enum(['pass', 'concerns', 'blocked', 'hold']),
      detail: shared.detail,
      owners: z.array(z.string()).optional(),
    }),
    gateClaims: z.looseObject({
      architecture: shared.claimWord,
      integration: shared.claimWord,
      durability: shared.claimWord,
      live: shared.claimWord,
      docs: shared.claimWord,
      detail: shared.detail.optional(),
    }),
  }),
);

export const contEvalPayloadSchema = lazily(() =>
  z.looseObject({
    evalState: z.looseObject({
      state: z.enum(['satisfied', 'needs-more-work', 'blocked']),
      targets: shared.count,
      benchmarks: shared.count,
      regressions: shared.count,
      targetIds: z.array(z.string()),
      benchmarkIds: z.array(z.string()),
      detail: shared.detail,
      owners: z.array(z.string()).optional(),
    }),
  }),
);

export const securityPayloadSchema = lazily(() =>
  z.looseObject({
    securityState: z.looseObject({
      state: z.enum(['clear', 'concerns', 'blocked']),
      findings: shared.count,
      approvals: shared.count,
      detail: shared.detail,
      owners: z.array(z.string()).optional(),
    }),
  }),
);

export const deployPayloadSchema = lazily(() =>
  z.looseObject({
    deployState: z.looseObject({
      state: z.enum(['deploying', 'healthy', 'failed', 'rolled-back', 'not_applicable']),
      environment: z.string().nullable(),
      healthCheck: z.string().nullable(),
      rolloutArtifact: z.string().nullable(),
      detail: shared.detail,
    }),
  }),
);

export const designPayloadSchema = lazily(() =>
  z.looseObject({
    designState: z.looseObject({
      state: z.enum(['ready-for-implementation', 'needs-clarification', 'blocked']),
      decisions: shared.count,
      assumptions: shared.count,
      openQuestions: shared.count,
      detail: shared.detail,
    }),
  }),
);

/** The payload section of each role, under the role's own name. */
export const payloadSchemas = {
  implementation: implementationPayloadSchema,
  integration: integrationPayloadSchema,
  documentation: documentationPayloadSchema,
  'cont-qa': contQaPayloadSchema,
  'cont-eval': contEvalPayloadSchema,
  security: securityPayloadSchema,
  deploy: deployPayloadSchema,
  design: designPayloadSchema,
} as const satisfies Record<EnvelopeRole, z.ZodType>;

const header = lazily(() => ({
  schemaVersion: z.literal(2),
  agentId: z.string().min(1),
  waveNumber: z.int().nonnegative(),
  attempt: z.int().positive(),
  /** ISO 8601 in UTC; the runner's clock. */
  completedAt: z.iso.datetime(),
  exitCode: z.int(),
  proof: proofClaimSchema,
  deliverables: z.array(
    z.looseObject({ path: z.string(), exists: z.boolean(), sha256: sha256Hex.nullable() }),
  ),
  proofArtifacts: z.array(
    z.looseObject({
      path: z.string(),
      kind: z.string().nullable(),
      exists: z.boolean(),
      sha256: sha256Hex.nullable(),
      requiredFor: z.array(z.string()),
    }),
  ),
  gaps: z.array(gapSchema),
  unresolvedBlockers: z.array(unresolvedBlockerSchema),
  riskNotes: z.array(z.string()),
  facts: z.array(factSchema).optional(),
  records: z.array(recordSchema).optional(),
}));

/** Payloads that a role must not carry: every role's but its own; hybrids may add `implementation`. */
function foreignPayloads(role: EnvelopeRole): Record<string, z.ZodType> {
  const allowed: EnvelopeRole[] =
    role === 'design' || role === 'cont-eval' ? [role, 'implementation'] : [role];
  const others = (Object.keys(payloadSchemas) as EnvelopeRole[]).filter((other) => !allowed.includes(other));
  return Object.fromEntries(others.map((other) => [other, z.never().optional()]));
}

function envelopeOf<R extends EnvelopeRole, P extends z.ZodType>(role: R, payload: P) {
  const hybrid =
    role === 'design' || role === 'cont-eval'
      ? { implementation: implementationPayloadSchema.optional() }
      : {};
  return z.looseObject({
    ...header,
    role: z.literal(role),
    ...foreignPayloads(role),
    ...hybrid,
    [role]: payload,
  } as typeof header & { role: z.ZodLiteral<R> } & Record<R, P>);
}

/**
 * Result envelope v2, in its canonical form: a common header and the payload of one role, under the role's name.
 * `deliverables[].exists/sha256`, `exitCode` and `completedAt` are always the runner's.
 */
export const resultEnvelopeSchema = lazily(() =>
  z.discriminatedUnion('role', [
    envelopeOf('implementation', implementationPayloadSchema),
    envelopeOf('integration', integrationPayloadSchema),
    envelopeOf('documentation', documentationPayloadSchema),
    envelopeOf('cont-qa', contQaPayloadSchema),
    envelopeOf('cont-eval', contEvalPayloadSchema),
    envelopeOf('security', securityPayloadSchema),
    envelopeOf('deploy', deployPayloadSchema),
    envelopeOf('design', designPayloadSchema),
  ]),
);

export type ProofClaim = z.infer<typeof proofClaimSchema>;
export type ComponentClaim = z.infer<typeof componentClaimSchema>;
export type ImplementationPayload = z.infer<typeof implementationPayloadSchema>;
export type IntegrationPayload = z.infer<typeof integrationPayloadSchema>;
export type DocumentationPayload = z.infer<typeof documentationPayloadSchema>;
export type ContQaPayload = z.infer<typeof contQaPayloadSchema>;
export type ContEvalPayload = z.infer<typeof contEvalPayloadSchema>;
export type SecurityPayload = z.infer<typeof securityPayloadSchema>;
export type DeployPayload = z.infer<typeof deployPayloadSchema>;
export type DesignPayload = z.infer<typeof designPayloadSchema>;

/** All payload sections by name; which of them is present is ruled by `role`. */
export interface EnvelopePayloads {
  implementation?: ImplementationPayload;
  integration?: IntegrationPayload;
  documentation?: DocumentationPayload;
  'cont-qa'?: ContQaPayload;
  'cont-eval'?: ContEvalPayload;
  security?: SecurityPayload;
  deploy?: DeployPayload;
  design?: DesignPayload;
}

type EnvelopeHeader = { [K in keyof typeof header]: z.infer<(typeof header)[K]> };
export type ResultEnvelope = Omit<EnvelopeHeader, 'facts' | 'records'> &
  EnvelopePayloads & {
    role: EnvelopeRole;
    facts?: z.infer<typeof factSchema>[];
    records?: z.infer<typeof recordSchema>[];
    [extra: string]: unknown;
  };
