import * as z from 'zod';
import { lazily } from './lazily';
import { sha256Schema } from './manifest';
import { factSchema, recordSchema } from './record';
import { judgedStrengthSchema } from './strength';
import { envelopeRoles, roleIdPattern, stages } from './vocabulary';

/** Where a component stands after a slice. */
export const componentStateSchema = lazily(() =>
  z.strictObject({
    componentId: z.string(),
    level: z.string().nullable(),
    state: z.enum(['met', 'gap']),
  }),
);

/**
 * What one proven agent tells the rest of the wave, at one constant path. It holds no clock, attempt, usage, path,
 * base tree or bundle digest, so the same result always has the same bytes.
 */
export const handoffSchema = lazily(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    wave: z.string(),
    agentId: z.string(),
    role: z.string().regex(roleIdPattern),
    envelopeRole: z.enum(envelopeRoles),
    stage: z.enum(stages),
    state: z.literal('owned_slice_proven'),
    workKey: sha256Schema,
    /** sha256 of {changes, artifacts, records, facts, components, judgement}. */
    resultDigest: sha256Schema,
    records: z.array(recordSchema),
    facts: z.array(factSchema),
    components: z.array(componentStateSchema),
    /** The role payload without its free-text details: what a gate judges. */
    judgement: z.record(z.string(), z.json()),
    /** What the proof is worth; absent where it was judged before that was measured. No digest covers it. */
    strength: judgedStrengthSchema.optional(),
  }),
);

export type ComponentState = z.infer<typeof componentStateSchema>;
export type Handoff = z.infer<typeof handoffSchema>;
