import * as z from 'zod';
import { lazily } from './lazily';
import { fileChangeSchema, sha256Schema } from './manifest';
import { recordSchema } from './record';

const common = lazily(() => ({
  schemaVersion: z.literal(1),
  /** A ULID; also the file name `<id>-<type>.json`. Order of entries is order of ids. */
  id: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  wave: z.string(),
  recordedAt: z.iso.datetime(),
  by: z.string().min(1),
  reason: z.string().min(1),
}));

/** Decisions of people and of an applied plan: one tracked file each, never edited. A table of their kinds, hence its length. */
// eslint-disable-next-line max-lines-per-function
export const ledgerEntrySchema = lazily(() =>
  z.discriminatedUnion('type', [
    z.looseObject({
      ...common,
      type: z.literal('wave.landed'),
      closureDigest: sha256Schema,
      /** Pre- and post-image of every landed path. */
      changes: z.array(fileChangeSchema),
      agents: z.array(
        z.looseObject({ agentId: z.string(), workKey: sha256Schema, resultDigest: sha256Schema }),
      ),
    }),
    z.looseObject({ ...common, type: z.literal('wave.reopened') }),
    /** `agents` are invalidated: this entry's id becomes their epoch. */
    z.looseObject({
      ...common,
      type: z.literal('retry.applied'),
      agents: z.array(z.string()),
      fresh: z.boolean(),
      executorChanges: z.array(z.strictObject({ agentId: z.string(), from: z.string(), to: z.string() })),
      /** What each agent is told: why it runs again, and the records that wait for its answer. */
      inbox: z
        .array(
          z.looseObject({
            agentId: z.string(),
            reasons: z.array(z.string()),
            /** Work keys of the stewards' judgements that it runs again for. */
            judgements: z.array(sha256Schema).optional(),
            records: z.array(z.strictObject({ by: z.string(), record: recordSchema })),
          }),
        )
        .optional(),
    }),
    z.looseObject({
      ...common,
      type: z.literal('request.answered'),
      requestId: z.string(),
      agentId: z.string(),
      text: z.string().min(1),
    }),
    z.looseObject({
      ...common,
      type: z.literal('gate.waived'),
      code: z.string(),
      agentId: z.string().nullable(),
      /** Its last day, in UTC; without one it counts for ever. Earlier versions do not know it: there it counts for ever, too. */
      until: z.iso.date().optional(),
    }),
    z.looseObject({
      ...common,
      type: z.literal('ownership.amended'),
      agentId: z.string(),
      paths: z.array(z.string()).min(1),
    }),
    z.looseObject({
      ...common,
      type: z.literal('contradiction.resolved'),
      contradictionId: z.string(),
      kind: z.enum(['party_accepted', 'all_revised', 'irrelevant', 'waived', 'repair_completed']),
    }),
    z.looseObject({
      ...common,
      type: z.literal('request.reassigned'),
      requestId: z.string(),
      to: z.string(),
    }),
    z.looseObject({
      ...common,
      type: z.literal('bundle.revoked'),
      agentId: z.string(),
      proofDigest: sha256Schema,
    }),
    z.looseObject({
      ...common,
      type: z.literal('slice.adopted'),
      agentId: z.string(),
      proofDigest: sha256Schema,
      /** What was asked of the agent: for these inputs no other slice of the agent counts. */
      workKey: sha256Schema.optional(),
      resultDigest: sha256Schema.optional(),
      /** What the person changed: where it stands in the tree, no agent's base has it before the slice. */
      changes: z.array(fileChangeSchema).optional(),
    }),
  ]),
);

export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
export type LedgerEntryType = LedgerEntry['type'];
