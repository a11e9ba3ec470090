import * as z from 'zod';
import { lazily } from './lazily';
import {
  completionLevels,
  docImpacts,
  durabilityLevels,
  maturityLevels,
  proofLevels,
  strengthLevels,
} from './vocabulary';

const id = lazily(() => z.string().min(1));
const componentId = lazily(() => z.string().regex(/^[a-z0-9][a-z0-9._-]*$/));

/** `## Component promotions`: one component and the level this wave lifts it to. */
export const promotionSchema = lazily(() => z.strictObject({ componentId, targetLevel: z.string().min(1) }));

export const context7Schema = lazily(() =>
  z.strictObject({ bundle: z.string().nullable(), query: z.string().nullable() }),
);

export const evalTargetSchema = lazily(() =>
  z.strictObject({
    id: componentId,
    selection: z.enum(['pinned', 'delegated']),
    benchmarkFamily: z.string().nullable(),
    benchmarks: z.array(z.string()),
    objective: z.string().min(1),
    threshold: z.string().min(1),
  }),
);

export const deployEnvironmentSchema = lazily(() =>
  z.strictObject({
    id: componentId,
    kind: componentId,
    isDefault: z.boolean(),
    notes: z.string().nullable(),
  }),
);

export const exitContractSchema = lazily(() =>
  z.strictObject({
    completion: z.enum(completionLevels),
    durability: z.enum(durabilityLevels),
    proof: z.enum(proofLevels),
    docImpact: z.enum(docImpacts),
  }),
);

export const proofArtifactSchema = lazily(() =>
  z.strictObject({
    path: z.string().min(1),
    kind: z.string().nullable(),
    requiredFor: z.array(z.enum(maturityLevels)),
  }),
);

/** `budget.*` keys: `turns` advisory, `minutes` a hard limit of one attempt, `tokens` and `usd` hard caps. */
export const budgetSchema = lazily(() =>
  z.strictObject({
    turns: z.int().positive().optional(),
    minutes: z.number().positive().optional(),
    tokens: z.int().positive().optional(),
    usd: z.number().positive().optional(),
  }),
);

/** The typed value of one executor option, after its adapter's key table has read the text. */
export const optionValueSchema = lazily(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.record(z.string(), z.json())]),
);

/** `### Executor` as written: nothing is resolved yet. `options` is keyed by executor id, then by key. */
export const executorSpecSchema = lazily(() =>
  z.strictObject({
    id: z.string().nullable(),
    profile: z.string().nullable(),
    model: z.string().nullable(),
    fallbacks: z.array(z.string()),
    tags: z.array(z.string()),
    retryPolicy: z.enum(['sticky', 'fallback-allowed']).nullable(),
    allowFallbackOnRetry: z.boolean().nullable(),
    budget: budgetSchema,
    options: z.record(z.string(), z.record(z.string(), optionValueSchema)),
  }),
);

/** A proof command that no agent is told of, and the files that it needs. */
export const heldOutCommandSchema = lazily(() =>
  z.strictObject({ command: z.string(), files: z.array(z.string()) }),
);

/** `### Proof strength` as written; `level` is null where the configuration decides. */
export const proofStrengthSpecSchema = lazily(() =>
  z.strictObject({
    level: z.enum(strengthLevels).nullable(),
    /** Tests, configuration and scripts of the base that the agent is asked to change. A trailing `/` names everything below. */
    mayChange: z.array(z.string()),
    heldOut: z.array(heldOutCommandSchema),
    /** Why the level is what it is: shown to whoever reads the report. */
    reason: z.string().nullable(),
  }),
);

/** One `## Agent <ID>: <Title>` block as written. `line` is where it starts (1-based). */
export const agentSpecSchema = lazily(() =>
  z.strictObject({
    agentId: id,
    title: z.string(),
    line: z.int().positive(),
    rolePrompts: z.array(z.string()),
    executor: executorSpecSchema,
    context7: context7Schema.nullable(),
    components: z.array(componentId),
    capabilities: z.array(z.string()),
    skills: z.array(z.string()),
    exitContract: exitContractSchema.nullable(),
    deliverables: z.array(z.string()),
    proofArtifacts: z.array(proofArtifactSchema),
    proofCommands: z.array(z.string()),
    /** `may write:` under `Proof commands`: what these may change besides ignored files. Absent when nothing is named. */
    mayWrite: z.array(z.string()).optional(),
    /** Absent when the block has no such section. */
    proofStrength: proofStrengthSpecSchema.optional(),
    dependsOn: z.array(z.string()),
    /** The local fenced prompt, without role prompts. */
    prompt: z.string(),
    /** From `File ownership` in the local prompt. A trailing `/` owns everything below. */
    ownedPaths: z.array(z.string()),
    /** Relative paths in the bullets under `Required context`, in order, without duplicates. */
    requiredContext: z.array(z.string()),
  }),
);

/** A wave file as a careful reader would write it down: pure text facts, no configuration applied. */
export const waveDefinitionSchema = lazily(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    wave: z.int().nonnegative(),
    path: z.string(),
    title: z.string().nullable(),
    commitMessage: z.string().nullable(),
    /** `## Depends on`: wave numbers of the same lane as `wave-<n>`, or full project names. */
    dependsOn: z.array(z.string()),
    promotions: z.array(promotionSchema),
    context7: context7Schema.nullable(),
    evalTargets: z.array(evalTargetSchema),
    deployEnvironments: z.array(deployEnvironmentSchema),
    agents: z.array(agentSpecSchema).min(1),
  }),
);

export type Promotion = z.infer<typeof promotionSchema>;
export type Context7Choice = z.infer<typeof context7Schema>;
export type EvalTarget = z.infer<typeof evalTargetSchema>;
export type DeployEnvironment = z.infer<typeof deployEnvironmentSchema>;
export type ExitContract = z.infer<typeof exitContractSchema>;
export type ProofArtifactSpec = z.infer<typeof proofArtifactSchema>;
export type HeldOutCommand = z.infer<typeof heldOutCommandSchema>;
export type ProofStrengthSpec = z.infer<typeof proofStrengthSpecSchema>;
export type Budget = z.infer<typeof budgetSchema>;
export type OptionValue = z.infer<typeof optionValueSchema>;
export type ExecutorSpec = z.infer<typeof executorSpecSchema>;
export type AgentSpec = z.infer<typeof agentSpecSchema>;
export type WaveDefinition = z.infer<typeof waveDefinitionSchema>;
