import * as z from 'zod';
import { lazily } from './lazily';
import { artifactSchema, fileChangeSchema, sha256Schema } from './manifest';

/** What agents use or may use. Null: not known, or without a limit. `minutes`: running time of their programs. */
export const amountsSchema = lazily(() =>
  z.strictObject({
    usd: z.number().nonnegative().nullable(),
    tokens: z.number().nonnegative().nullable(),
    minutes: z.number().nonnegative().nullable(),
  }),
);

/** Who holds a claim. `token` is new with each claim that is taken, and marks every process that is started under it. */
export const holderSchema = lazily(() =>
  z.looseObject({
    token: z.string().min(1),
    host: z.string(),
    boot: z.string(),
    /** Process id namespace: a pid means nothing in another one. */
    pidSpace: z.string(),
    pid: z.int().positive(),
    /** Kernel start time of the process; opaque. */
    started: z.string(),
  }),
);

/** How a start of an agent's program ended. `open`: it may be at work. */
export const startEnds = ['open', 'proven', 'failed', 'interrupted', 'lost'] as const;

/** Why a start failed, and the bundle of its work: other rules of acceptance may judge it again. */
export const startFailureSchema = lazily(() =>
  z.looseObject({
    code: z.string(),
    message: z.string(),
    acceptanceKey: sha256Schema,
    bundle: sha256Schema.nullable(),
  }),
);

export const claimStartSchema = lazily(() =>
  z.looseObject({
    gen: z.int().positive(),
    run: z.string(),
    end: z.enum(startEnds),
    used: amountsSchema.nullable(),
    failure: startFailureSchema.nullable(),
  }),
);

/**
 * `claims/<workKey>` of a shared store: who may pay an agent for a work key, what was paid so far, and what is proven. Every
 * version is written by compare-and-swap over the one before; `op` is different in each.
 */
export const claimSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    op: z.string().min(1),
    workKey: sha256Schema,
    state: z.enum(['held', 'free', 'settled']),
    /** Goes up with each holder. */
    gen: z.int().positive(),
    holder: holderSchema.nullable(),
    /** The run of CI of whoever wrote last. */
    run: z.string(),
    beat: z.int().nonnegative(),
    /** Of the start that is open. */
    used: amountsSchema.nullable(),
    /** The newest checkpoint of the work: where the next start goes on. */
    checkpoint: sha256Schema.nullable(),
    /** Digests of proof bundles: several where machines have refuted each other's on their own base. */
    proofs: z.array(sha256Schema),
    starts: z.array(claimStartSchema),
    /** Of the last time that a person has taken the claim from its holder. */
    broken: z.looseObject({ gen: z.int(), by: z.string(), reason: z.string() }).optional(),
  }),
);

/** One program that was let in, by work key, generation and token of its claim. */
export const admissionEntrySchema = lazily(() =>
  z.looseObject({
    workKey: sha256Schema,
    gen: z.int().positive(),
    /** That of the holder: a claim that was deleted begins again with the first generation. */
    token: z.string(),
    reserved: amountsSchema,
    used: amountsSchema.nullable(),
    open: z.boolean(),
  }),
);

/** `waves/<project>` of a shared store: the budget and the places that all agents of a wave share, on all machines. */
export const admissionSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    op: z.string().min(1),
    entries: z.array(admissionEntrySchema),
  }),
);

/**
 * `checkpoint.json` in an archive of `checkpoints/`: unfinished work as it stood while an agent was at it, a start for the next
 * attempt and never a proof. Beside it stand the objects of `changes` as a pack, and the files of `artifacts`.
 */
export const checkpointSchema = lazily(() =>
  z.looseObject({
    schemaVersion: z.literal(1),
    wave: z.string(),
    agentId: z.string(),
    workKey: sha256Schema,
    /** What the agent was asked: work for another spec is no start. */
    specDigest: sha256Schema,
    run: z.string(),
    /** Of the claim under which it was made. */
    token: z.string(),
    /** The checkpoint that the work went on from itself. */
    continuedFrom: sha256Schema.nullable(),
    changes: z.array(fileChangeSchema),
    artifacts: z.array(artifactSchema),
  }),
);

export type Checkpoint = z.infer<typeof checkpointSchema>;
export type Amounts = z.infer<typeof amountsSchema>;
export type ClaimHolder = z.infer<typeof holderSchema>;
export type StartEnd = (typeof startEnds)[number];
export type StartFailure = z.infer<typeof startFailureSchema>;
export type ClaimStart = z.infer<typeof claimStartSchema>;
export type Claim = z.infer<typeof claimSchema>;
export type AdmissionEntry = z.infer<typeof admissionEntrySchema>;
export type Admission = z.infer<typeof admissionSchema>;
