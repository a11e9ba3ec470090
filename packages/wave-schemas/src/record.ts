import * as z from 'zod';
import { lazily } from './lazily';

/**
 * A typed record inside an envelope: how agents coordinate without chatting. Records travel in handoffs and
 * verdicts to later stages and next attempts.
 */
export const recordKinds = [
  'claim',
  'evidence',
  'decision',
  'handoff',
  'request',
  'blocker',
  'clarification-request',
  'contradiction',
] as const;

export const recordSeverities = [
  'hard',
  'proof-critical',
  'closure-critical',
  'soft',
  'stale',
  'advisory',
] as const;

export const recordSchema = lazily(() =>
  z.looseObject({
    /** Stable within the wave; the runner fills an absent one from the agent id and the content. */
    id: z.string().min(1).optional(),
    kind: z.enum(recordKinds),
    summary: z.string().min(1),
    detail: z.string().optional(),
    /** Agent ids, `agent:<id>`, `capability:<name>` or `human`. */
    targets: z.array(z.string()).optional(),
    artifactRefs: z.array(z.string()).optional(),
    /** Ids of records that this one answers: it discharges them. */
    answers: z.array(z.string()).optional(),
    blocking: z.boolean().optional(),
    severity: z.enum(recordSeverities).optional(),
  }),
);

export const factSchema = lazily(() =>
  z.looseObject({
    factId: z.string().min(1),
    kind: z.enum(['claim', 'proof', 'observation', 'decision', 'evidence']),
    content: z.string().min(1),
    status: z.enum(['active', 'superseded', 'retracted']).optional(),
  }),
);

export type WaveRecord = z.infer<typeof recordSchema>;
export type Fact = z.infer<typeof factSchema>;
