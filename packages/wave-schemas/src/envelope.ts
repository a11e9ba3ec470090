import * as z from 'zod';
import { factSchema, recordSchema } from './record';
import { completionLevels, durabilityLevels, proofLevels, type EnvelopeRole } from './vocabulary';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const detail = z.string().nullable();
const count = z.int().nonnegative();

export const proofClaimSchema = z.looseObject({
  state: z.enum(['satisfied', 'partial', 'failed', 'not_applicable']),
  completion: z.enum(completionLevels).nullable(),
  durability: z.enum(durabilityLevels).nullable(),
  proofLevel: z.enum(proofLevels).nullable(),
  detail,
});

export const gapSchema = z.looseObject({ kind: z.string().min(1), detail });
export const unresolvedBlockerSchema = z.looseObject({
  kind: z.string().min(1),
  detail,
  blocking: z.boolean(),
});

const componentClaimSchema = z.looseObject({
  componentId: z.string().min(1),
  level: z.string().nullable(),
  state: z.enum(['met', 'gap']),
  detail,
});

export const implementationPayloadSchema = z.looseObject({
  docDelta: z.looseObject({
    state: z.enum(['none', 'owned', 'shared-plan']),
    paths: z.array(z.string()),
    detail,
  }),
  components: z.array(componentClaimSchema),
});

export const integrationPayloadSchema = z.looseObject({
  integrationState: z.looseObject({
    state: z.enum(['ready-for-doc-closure', 'needs-more-work']),
    claims: count,
    conflicts: count,
    blockers: count,
    detail,
    /** Agents whose slices have to change; what a retry plan reruns. */
    owners: z.array(z.string()).optional(),
  }),
});

export const documentationPayloadSchema = z.looseObject({
  docClosure: z.looseObject({
    state: z.enum(['closed', 'no-change', 'delta']),
    paths: z.array(z.string()),
    detail,
  }),
});

const claimWord = z.enum(['pass', 'concerns', 'blocked', 'gap']).nullable();

export const contQaPayloadSchema = z.looseObject({
  verdict: z.looseObject({
    verdict: z.enum(['pass', 'concerns', 'blocked', 'hold']),
    detail,
    owners: z.array(z.string()).optional(),
  }),
  gateClaims: z.looseObject({
    architecture: claimWord,
    integration: claimWord,
    durability: claimWord,
    live: claimWord,
    docs: claimWord,
    detail: detail.optional(),
  }),
});

export const contEvalPayloadSchema = z.looseObject({
  evalState: z.looseObject({
    state: z.enum(['satisfied', 'needs-more-work', 'blocked']),
    targets: count,
    benchmarks: count,
    regressions: count,
    targetIds: z.array(z.string()),
    benchmarkIds: z.array(z.string()),
    detail,
    owners: z.array(z.string()).optional(),
  }),
});

export const securityPayloadSchema = z.looseObject({
  securityState: z.looseObject({
    state: z.enum(['clear', 'concerns', 'blocked']),
    findings: count,
    approvals: count,
    detail,
    owners: z.array(z.string()).optional(),
  }),
});

export const deployPayloadSchema = z.looseObject({
  deployState: z.looseObject({
    state: z.enum(['deploying', 'healthy', 'failed', 'rolled-back', 'not_applicable']),
    environment: z.string().nullable(),
    healthCheck: z.string().nullable(),
    rolloutArtifact: z.string().nullable(),
    detail,
  }),
});

export const designPayloadSchema = z.looseObject({
  designState: z.looseObject({
    state: z.enum(['ready-for-implementation', 'needs-clarification', 'blocked']),
    decisions: count,
    assumptions: count,
    openQuestions: count,
    detail,
  }),
});

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

const header = {
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
};

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
export const resultEnvelopeSchema = z.discriminatedUnion('role', [
  envelopeOf('implementation', implementationPayloadSchema),
  envelopeOf('integration', integrationPayloadSchema),
  envelopeOf('documentation', documentationPayloadSchema),
  envelopeOf('cont-qa', contQaPayloadSchema),
  envelopeOf('cont-eval', contEvalPayloadSchema),
  envelopeOf('security', securityPayloadSchema),
  envelopeOf('deploy', deployPayloadSchema),
  envelopeOf('design', designPayloadSchema),
]);

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
