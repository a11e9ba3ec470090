import { usageSchema } from '@nx-wave/schemas';
import { lazily } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import { parseJson } from '../parse-json';

const ownerSchema = lazily(() =>
  z.object({
    pid: z.int(),
    startTime: z.string(),
    bootId: z.string(),
    host: z.string(),
    pidSpace: z.string(),
  }),
);

/**
 * How far the attempt of an agent is, for whoever watches from another terminal: replaced every few seconds while it runs,
 * left as it was at its end. Nothing decides by it.
 */
export const liveNoteSchema = lazily(() =>
  z.object({
    schemaVersion: z.literal(1),
    unitId: z.string(),
    attempt: z.int().positive(),
    executor: z.string(),
    phase: z.enum(['preparing', 'working', 'waiting', 'checking', 'ended']),
    startedAt: z.iso.datetime(),
    /** When it was last written. */
    at: z.iso.datetime(),
    /** The last thing that its program told of itself; redacted. */
    last: z.object({ text: z.string(), at: z.iso.datetime() }).nullable(),
    /** Null where its program does not tell them. */
    turns: z.int().nonnegative().nullable(),
    usage: usageSchema.nullable(),
    /** `until`: null where nobody knows. */
    waiting: z
      .object({ reason: z.string(), since: z.iso.datetime(), until: z.iso.datetime().nullable() })
      .nullable(),
    /** The command of Nx that it belongs to. */
    launch: ownerSchema,
  }),
);

export type LiveNote = z.infer<typeof liveNoteSchema>;

/** Null for what is no such note: a draft, or one of a later version. */
export function parseLiveNote(text: string | null): LiveNote | null {
  const parsed = liveNoteSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}
