import * as z from 'zod';
import { lazily } from './lazily';

/**
 * The life of a question to a person: `open` (asked), `pending` (seen), `assigned` (somebody took it), `answered`,
 * `escalated` (handed up), `rerouted` (handed on), `timed_out` (nobody came), `resolved` (its answer has reached the
 * agent). Only `answered` and `resolved` block nothing.
 */
export const humanInputStates = [
  'open',
  'pending',
  'assigned',
  'answered',
  'escalated',
  'rerouted',
  'timed_out',
  'resolved',
] as const;

export const humanInputKinds = ['clarification', 'escalation', 'feedback', 'human-input'] as const;

/** A question that an agent put to a person, as the reducer sees it. */
export const humanInputSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    requestId: z.string().min(1),
    wave: z.string().min(1),
    /** Who asked. */
    agentId: z.string().min(1),
    kind: z.enum(humanInputKinds),
    state: z.enum(humanInputStates),
    summary: z.string().min(1),
    detail: z.string().nullable(),
    /** Who is to answer: a name, a capability, or null for anybody. */
    assignee: z.string().nullable(),
    answer: z.string().nullable(),
    answeredBy: z.string().nullable(),
    /** When it was asked; null or absent where nobody knows, and then no deadline counts. */
    askedAt: z.iso.datetime().nullable().optional(),
    /** When its state changes next unless somebody answers; null where never. */
    changesAt: z.iso.datetime().nullable().optional(),
  }),
);

export type HumanInputState = (typeof humanInputStates)[number];
export type HumanInput = z.infer<typeof humanInputSchema>;

/** True while the agents that wait for the answer must not run. */
export function blocksDependants(state: HumanInputState): boolean {
  return state !== 'answered' && state !== 'resolved';
}
