import * as z from 'zod';
import { lazily } from './lazily';
import { stages } from './vocabulary';

/** What runs again and what is kept, from stored state alone. No clock, no randomness, every list sorted. */
export const retryPlanSchema = lazily(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    wave: z.string(),
    /** `code: text`. */
    why_resuming: z.string().regex(/^[a-z0-9-]+: ./),
    /** Nx task ids of agents that ran, or were asked for, and will run again. */
    invalidated: z.array(z.string()),
    reusable_proof: z.array(z.strictObject({ proofBundleId: z.string(), agentId: z.string() })),
    resume_from_stage: z.enum([...stages, 'none']),
    executor_changes: z.array(z.strictObject({ agentId: z.string(), from: z.string(), to: z.string() })),
    human_inputs_blocking: z.array(z.string()),
  }),
);

export type RetryPlan = z.infer<typeof retryPlanSchema>;
