import * as z from 'zod';
import { gapSchema, payloadSchemas, proofClaimSchema, unresolvedBlockerSchema } from './envelope';
import { factSchema, recordSchema } from './record';
import { type EnvelopeRole } from './vocabulary';

/**
 * What an agent of one role is asked to write: the fields that it must give, and those that it may. The runner adds
 * the rest of the header, so the agent is not shown fields that it could only guess.
 */
export function agentEnvelopeSchema(role: EnvelopeRole) {
  const hybrid = role === 'design' || role === 'cont-eval';
  return z.looseObject({
    schemaVersion: z.literal(2),
    agentId: z.string().min(1),
    role: z.literal(role),
    proof: proofClaimSchema,
    gaps: z.array(gapSchema).optional(),
    unresolvedBlockers: z.array(unresolvedBlockerSchema).optional(),
    riskNotes: z.array(z.string()).optional(),
    facts: z.array(factSchema).optional(),
    records: z.array(recordSchema).optional(),
    [role]: payloadSchemas[role],
    ...(hybrid ? { implementation: payloadSchemas.implementation.optional() } : {}),
  });
}
