import { z } from 'zod';
import { budgetSchema } from './wave';

const threshold = z.int().nonnegative().nullable().optional();
const thresholds = z.looseObject({
  bootstrap: z.int().nonnegative().optional(),
  standard: z.int().nonnegative().optional(),
  strict: z.int().nonnegative().optional(),
});

const executorProfileSchema = z.looseObject({
  id: z.string().optional(),
  model: z.string().optional(),
  tags: z.array(z.string()).optional(),
  fallbacks: z.array(z.string()).optional(),
  retryPolicy: z.enum(['sticky', 'fallback-allowed']).optional(),
  allowFallbackOnRetry: z.boolean().optional(),
  budget: budgetSchema.optional(),
});

const limitsSchema = z.looseObject({
  attemptMinutes: z.number().positive().optional(),
  idleMinutes: z.number().positive().optional(),
  rateLimitWaitMinutes: z.number().nonnegative().optional(),
  repairMinutes: z.number().positive().optional(),
  proofMinutes: z.number().positive().optional(),
  attempts: z.int().positive().optional(),
});

/** What may stand at the root, in a lane and in an entry of `projects{}`; the inner one wins. */
const scope = {
  paths: z
    .looseObject({
      docsDir: z.string().optional(),
      stateRoot: z.string().optional(),
      context7BundleIndexPath: z.string().optional(),
      benchmarkCatalogPath: z.string().optional(),
      componentCutoverMatrixDocPath: z.string().optional(),
      componentCutoverMatrixJsonPath: z.string().optional(),
    })
    .optional(),
  roles: z.record(z.string(), z.string()).optional(),
  validation: z
    .looseObject({
      requiredPromptReferences: z.array(z.string()).optional(),
      requireDocumentationStewardFromWave: threshold,
      requireContext7DeclarationsFromWave: threshold,
      requireExitContractsFromWave: threshold,
      requireIntegrationStewardFromWave: threshold,
      requireComponentPromotionsFromWave: threshold,
      requireAgentComponentsFromWave: threshold,
      gateModeThresholds: thresholds.optional(),
      testCommand: z.string().optional(),
    })
    .optional(),
  executors: z
    .looseObject({
      default: z.string().optional(),
      override: z.string().nullable().optional(),
      profiles: z.record(z.string(), executorProfileSchema).optional(),
    })
    .optional(),
  skills: z
    .looseObject({
      dir: z.string().optional(),
      base: z.array(z.string()).optional(),
      byRole: z.record(z.string(), z.array(z.string())).optional(),
      byRuntime: z.record(z.string(), z.array(z.string())).optional(),
      byDeployKind: z.record(z.string(), z.array(z.string())).optional(),
    })
    .optional(),
  capabilityRouting: z
    .looseObject({ preferredAgents: z.record(z.string(), z.array(z.string())).optional() })
    .optional(),
  runtimePolicy: z
    .looseObject({
      runtimeMixTargets: z.record(z.string(), z.int().nonnegative()).optional(),
      defaultExecutorByRole: z.record(z.string(), z.string()).optional(),
      fallbackExecutorOrder: z.array(z.string()).optional(),
    })
    .optional(),
  sharedPlanDocs: z.array(z.string()).optional(),
  budget: z
    .looseObject({
      usd: z.number().positive().optional(),
      tokens: z.int().positive().optional(),
      minutes: z.number().positive().optional(),
    })
    .optional(),
  workspace: z
    .looseObject({ setup: z.array(z.string()).optional(), links: z.array(z.string()).optional() })
    .optional(),
  limits: limitsSchema.optional(),
  store: z.looseObject({ path: z.string().optional() }).optional(),
  bundle: z.looseObject({ transcript: z.enum(['full', 'redacted', 'local']).optional() }).optional(),
  secrets: z
    .looseObject({ names: z.array(z.string()).optional(), patterns: z.array(z.string()).optional() })
    .optional(),
  trust: z.enum(['signed', 'reprove', 'digest']).optional(),
  run: z.enum(['auto', 'local-only', 'never']).optional(),
  compat: z.looseObject({ legacySignals: z.boolean().optional() }).optional(),
};

/** The keys that root, project and lane share. */
export const configScopeSchema = z.looseObject(scope);

/** `wave.config.json`. Unknown keys are kept and reported once; they never stop a wave. */
export const waveConfigSchema = z.looseObject({
  version: z.literal(1).optional(),
  projectName: z.string().optional(),
  repoMode: z.enum(['single-repo', 'multi-lane']).optional(),
  defaultLane: z.string().optional(),
  defaultProject: z.string().optional(),
  ...scope,
  lanes: z.record(z.string(), z.looseObject(scope)).optional(),
  projects: z
    .record(
      z.string(),
      z.looseObject({
        rootDir: z.string().optional(),
        ...scope,
        lanes: z.record(z.string(), z.looseObject(scope)).optional(),
      }),
    )
    .optional(),
});

export type ConfigScope = z.infer<typeof configScopeSchema>;
export type WaveConfig = z.infer<typeof waveConfigSchema>;
