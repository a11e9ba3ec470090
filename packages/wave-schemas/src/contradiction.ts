import * as z from 'zod';
import { lazily } from './lazily';

export const contradictionKinds = [
  'proof_conflict',
  'integration_conflict',
  'claim_conflict',
  'evidence_conflict',
  'component_conflict',
] as const;

export const contradictionStatuses = [
  'detected',
  'acknowledged',
  'repair_in_progress',
  'resolved',
  'waived',
] as const;

export const contradictionResolutions = [
  'party_accepted',
  'all_revised',
  'irrelevant',
  'waived',
  'repair_completed',
] as const;

/** Two claims that cannot both hold, until somebody revises one or a person decides. */
export const contradictionSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    contradictionId: z.string().min(1),
    wave: z.string().min(1),
    kind: z.enum(contradictionKinds),
    status: z.enum(contradictionStatuses),
    severity: z.enum(['blocking', 'advisory']),
    reportedBy: z.string().min(1),
    parties: z.array(
      z.looseObject({ agentId: z.string().min(1), claim: z.string(), evidence: z.string().nullable() }),
    ),
    /** Nx task ids that have to run again to settle it. */
    affectedTasks: z.array(z.string()),
    affectedFacts: z.array(z.string()),
    impactedGates: z.array(z.string()),
    resolution: z
      .looseObject({ kind: z.enum(contradictionResolutions), detail: z.string().nullable() })
      .nullable(),
  }),
);

export type Contradiction = z.infer<typeof contradictionSchema>;
