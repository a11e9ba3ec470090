import * as z from 'zod';
import { lazily } from './lazily';

/**
 * One observed event: append-only, on one machine. Events of an agent travel in its bundle (`events.jsonl`).
 * Readers skip types that they do not know.
 */
export const controlPlaneEventSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    /** Position in its own stream, from 0: the order of events, whatever the clocks say. */
    seq: z.int().nonnegative(),
    at: z.iso.datetime(),
    wave: z.string(),
    agentId: z.string().nullable(),
    attempt: z.int().positive().nullable(),
    type: z.string().min(1),
    data: z.record(z.string(), z.json()),
  }),
);

export type ControlPlaneEvent = z.infer<typeof controlPlaneEventSchema>;
