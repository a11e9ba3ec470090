import * as z from 'zod';
import { lazily } from './lazily';
import { handoffSchema } from './handoff';
import { sha256Schema } from './manifest';
import { stages } from './vocabulary';

/** One thing a gate says against (or, as an advisory, about) the stage. */
export const gateReasonSchema = lazily(() =>
  z.strictObject({
    gate: z.string(),
    code: z.string(),
    detail: z.string(),
    agentIds: z.array(z.string()),
    paths: z.array(z.string()),
    command: z.string().nullable(),
    /**
     * Who can clear it. `rerun`: the agents in `agentIds`, once more. `owners`: the agents in `owners`, then the stage
     * again; a person where nobody is named. `human`: a person. `wait`: nobody here, something before it is open.
     */
    repair: z.enum(['rerun', 'owners', 'human', 'wait']).optional(),
    /** Agents that a steward names as those whose slices have to change. */
    owners: z.array(z.string()).optional(),
  }),
);

/** What a verdict keeps of an agent: the handoff without its work key, so that an equal result is an equal verdict. */
export const judgedAgentSchema = lazily(() =>
  handoffSchema.omit({ schemaVersion: true, wave: true, workKey: true }),
);

/**
 * The judgement of one stage. `agents` is cumulative over the stages so far; `upstream` chains the digest of the
 * previous verdict, without which a changed slice would not reach later stages.
 */
export const verdictSchema = lazily(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    wave: z.string(),
    stage: z.enum(stages),
    ok: z.boolean(),
    upstream: sha256Schema.nullable(),
    agents: z.array(judgedAgentSchema),
    reasons: z.array(gateReasonSchema),
    advisories: z.array(gateReasonSchema),
  }),
);

export type GateReason = z.infer<typeof gateReasonSchema>;
export type JudgedAgent = z.infer<typeof judgedAgentSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
