import * as z from 'zod';
import { lazily } from './lazily';
import { fileChangeSchema, objectIdSchema, sha256Schema } from './manifest';
import { gateReasonSchema } from './verdict';
import { outcomes, stages } from './vocabulary';

export const closureAgentSchema = lazily(() =>
  z.looseObject({
    agentId: z.string(),
    role: z.string(),
    stage: z.enum(stages),
    state: z.enum(['open', 'failed', 'owned_slice_proven', 'wave_closure_ready', 'closed']),
    workKey: sha256Schema.nullable(),
    resultDigest: sha256Schema.nullable(),
    /** sha256 of the manifest: the identity of the proof. */
    proofDigest: sha256Schema.nullable(),
    proofBundleId: z.string().nullable(),
  }),
);

/** `closure/wave-<n>.json`: whether the wave is closed, on what proof, and if not, why and what to do next. */
export const closureSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    wave: z.string(),
    waveNumber: z.int().nonnegative(),
    lane: z.string(),
    state: z.enum(['closed', 'open']),
    landed: z.boolean(),
    agents: z.array(closureAgentSchema),
    verdicts: z.array(z.strictObject({ stage: z.enum(stages), ok: z.boolean(), digest: sha256Schema })),
    /** `code`: slices and their commands; `integration`: the merged tree; `deploy`: rollouts, where the wave has any. */
    proof: z.strictObject({
      code: z.enum(['proven', 'open']),
      integration: z.enum(['proven', 'open']),
      deploy: z.enum(['proven', 'open', 'not_applicable']),
    }),
    mergedTree: objectIdSchema.nullable(),
    changes: z.array(fileChangeSchema),
    patchSha256: sha256Schema.nullable(),
    reasons: z.array(gateReasonSchema),
    advisories: z.array(gateReasonSchema),
    questions: z.array(z.looseObject({ requestId: z.string(), agentId: z.string(), summary: z.string() })),
    /** The command that moves the wave on; null when nothing is left to do. */
    next: z.string().nullable(),
    /** How the launch ended, in one word; records of earlier versions have none. */
    outcome: z.enum(outcomes).optional(),
  }),
);

export type ClosureAgent = z.infer<typeof closureAgentSchema>;
export type Closure = z.infer<typeof closureSchema>;
