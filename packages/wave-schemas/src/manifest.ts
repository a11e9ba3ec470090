import * as z from 'zod';
import { lazily } from './lazily';
import { strengthMeasuredSchema } from './strength';
import { envelopeRoles, roleIdPattern, stages } from './vocabulary';

export const sha256Schema = lazily(() => z.string().regex(/^[0-9a-f]{64}$/));
/** A git object id: sha1 or sha256 form. */
export const objectIdSchema = lazily(() => z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/));

/**
 * One changed path: what it was and what it became. `null` means absent. Modes are git's (100644, 100755, 120000).
 * The list is the truth of a slice; `changes.patch` shows the same to people.
 */
export const fileChangeSchema = lazily(() =>
  z.strictObject({
    path: z.string().min(1),
    before: z.strictObject({ mode: z.string(), oid: objectIdSchema }).nullable(),
    after: z.strictObject({ mode: z.string(), oid: objectIdSchema }).nullable(),
  }),
);

/** A file below the state root that an agent owns: kept in the bundle, never patched into the tree. */
export const artifactSchema = lazily(() =>
  z.strictObject({
    path: z.string().min(1),
    sha256: sha256Schema,
    size: z.int().nonnegative(),
  }),
);

/** Tokens and money of an attempt; `estimated` where the CLI reports none of its own. */
export const usageSchema = lazily(() =>
  z.looseObject({
    inputTokens: z.int().nonnegative(),
    outputTokens: z.int().nonnegative(),
    cachedTokens: z.int().nonnegative().optional(),
    usd: z.number().nonnegative().nullable(),
    estimated: z.boolean(),
  }),
);

export const proofCommandResultSchema = lazily(() =>
  z.looseObject({
    command: z.string(),
    exitCode: z.int().nullable(),
    /** Why it counts as failed although there is no exit code. */
    outcome: z.enum([
      'passed',
      'failed',
      'timeout',
      'exhausted',
      'missing',
      'invalid',
      'changed-files',
      'needs-network',
      'outside-writes',
    ]),
    /**
     * Paths that it may not change and did: with `changed-files` of the tree, all put back; with `outside-writes` outside of its
     * checkout, left as they are.
     */
    changedFiles: z.array(z.string()).optional(),
    /** The host that its cage did not let it call, with `needs-network`. */
    host: z.string().optional(),
    durationMs: z.number().nonnegative(),
    /** The last lines of output, redacted. */
    tail: z.string(),
  }),
);

/** A cage as it held: `network` names what it let through; null where nobody held it. */
export const heldCageSchema = lazily(() =>
  z.looseObject({
    cage: z.enum(['bubblewrap', 'sandbox-exec', 'own', 'none', 'off']),
    network: z.union([z.literal('open'), z.array(z.string())]).nullable(),
    /** Why there was none, or what it did not hold. */
    why: z.string().nullable(),
  }),
);

export const bundlePredicateSchema = lazily(() =>
  z.looseObject({
    bundleFormat: z.literal(1),
    /** For people: `wave-3/A1/attempt-2`. */
    proofBundleId: z.string(),
    /** `collected`: the agent's work is safe but not judged yet. */
    state: z.enum(['collected', 'owned_slice_proven', 'not_proven']),
    wave: z.string(),
    waveNumber: z.int().nonnegative(),
    lane: z.string(),
    agentId: z.string(),
    attempt: z.int().positive(),
    role: z.string().regex(roleIdPattern),
    envelopeRole: z.enum(envelopeRoles),
    stage: z.enum(stages),
    workKey: sha256Schema,
    acceptanceKey: sha256Schema,
    /** The parts of both keys, name -> digest: what tells people which of them changed since. */
    ingredients: z.record(z.string(), z.string()).optional(),
    /** Digest of the agent's spec alone, without context and upstream: rules what a next attempt starts from. */
    specDigest: sha256Schema.optional(),
    /** Id of the ledger entry that this attempt answers to, or null. */
    epoch: z.string().nullable().optional(),
    resultDigest: sha256Schema.nullable(),
    executor: z.looseObject({ id: z.string(), model: z.string().nullable() }),
    versions: z.record(z.string(), z.string()),
    baseTree: objectIdSchema,
    ownership: z.array(z.string()),
    changes: z.array(fileChangeSchema),
    artifacts: z.array(artifactSchema),
    proofCommands: z.array(proofCommandResultSchema),
    /** Where they worked with the home of the person (`proof.home`), and not with one of their own. */
    proofHome: z.literal('user').optional(),
    /** What the proof is worth; absent in bundles that were judged before that was measured. */
    strength: strengthMeasuredSchema.optional(),
    usage: usageSchema.nullable(),
    /** Which cages stood around the agent and around its proof commands; null where nothing ran. */
    cages: z.looseObject({ agent: heldCageSchema.nullable(), proofs: heldCageSchema.nullable() }).optional(),
    /** Result digests of the slices that this one was built on. */
    parents: z.array(z.strictObject({ agentId: z.string(), resultDigest: sha256Schema })),
    failures: z.array(z.looseObject({ code: z.string(), message: z.string() })),
    /** Where the slice adds values of secret variables. Such a patch is readable by its owner alone, and no report shows it. */
    secrets: z.array(z.strictObject({ path: z.string(), variable: z.string() })).optional(),
  }),
);

/** The manifest of a proof bundle: an in-toto Statement v1 over every file of the bundle. */
export const proofManifestSchema = lazily(() =>
  z.looseObject({
    _type: z.literal('https://in-toto.io/Statement/v1'),
    subject: z.array(
      z.looseObject({ name: z.string().min(1), digest: z.looseObject({ sha256: sha256Schema }) }),
    ),
    predicateType: z.literal('https://nx-wave.dev/attestation/proof-bundle/v1'),
    predicate: bundlePredicateSchema,
  }),
);

export type FileChange = z.infer<typeof fileChangeSchema>;
export type Artifact = z.infer<typeof artifactSchema>;
export type Usage = z.infer<typeof usageSchema>;
export type ProofCommandResult = z.infer<typeof proofCommandResultSchema>;
export type BundlePredicate = z.infer<typeof bundlePredicateSchema>;
export type ProofManifest = z.infer<typeof proofManifestSchema>;
