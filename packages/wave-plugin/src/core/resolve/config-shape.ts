/** The shape of `wave.config.json` as a table: light enough for the graph path. The zod schema of it serves `lint`. */
export type Shape =
  | 'string'
  | 'positive'
  | 'amount'
  | 'amount-or-none'
  | 'boolean'
  | 'threshold'
  | 'path'
  | 'id'
  | 'any'
  | { list: Shape }
  | { record: Shape }
  | { enum: readonly string[] }
  | { nullable: Shape }
  | { fields: Readonly<Record<string, Shape>>; open?: boolean };

const strings: Shape = { list: 'string' };
const wholeNumber: Shape = 'threshold';

const profile: Shape = {
  fields: {
    id: 'string',
    model: 'string',
    tags: strings,
    fallbacks: strings,
    retryPolicy: { enum: ['sticky', 'fallback-allowed'] },
    allowFallbackOnRetry: 'boolean',
    budget: { fields: { turns: 'positive', minutes: 'positive', tokens: 'positive', usd: 'amount' } },
  },
  // Sections of executor options: adapters own their keys.
  open: true,
};

const scope: Readonly<Record<string, Shape>> = {
  paths: {
    fields: {
      docsDir: 'path',
      stateRoot: 'path',
      orchestratorStateDir: 'any',
      terminalsPath: 'any',
      context7BundleIndexPath: 'path',
      benchmarkCatalogPath: 'path',
      componentCutoverMatrixDocPath: 'path',
      componentCutoverMatrixJsonPath: 'path',
    },
  },
  roles: {
    fields: {
      rolePromptDir: 'path',
      contQaAgentId: 'string',
      contEvalAgentId: 'string',
      integrationAgentId: 'string',
      documentationAgentId: 'string',
      contQaRolePromptPath: 'path',
      contEvalRolePromptPath: 'path',
      integrationRolePromptPath: 'path',
      documentationRolePromptPath: 'path',
      securityRolePromptPath: 'path',
      designRolePromptPath: 'path',
      infraRolePromptPath: 'path',
      deployRolePromptPath: 'path',
      researchRolePromptPath: 'path',
      implementationRolePromptPath: 'path',
    },
  },
  validation: {
    fields: {
      requiredPromptReferences: strings,
      requireDocumentationStewardFromWave: { nullable: 'threshold' },
      requireContext7DeclarationsFromWave: { nullable: 'threshold' },
      requireExitContractsFromWave: { nullable: 'threshold' },
      requireIntegrationStewardFromWave: { nullable: 'threshold' },
      requireComponentPromotionsFromWave: { nullable: 'threshold' },
      requireAgentComponentsFromWave: { nullable: 'threshold' },
      gateModeThresholds: {
        fields: { bootstrap: wholeNumber, standard: wholeNumber, strict: wholeNumber },
      },
      closureModeThresholds: 'any',
      autoClosure: 'any',
      bootstrapPassConditions: 'any',
      testCommand: 'string',
      testCommandTimeout: 'any',
    },
  },
  executors: {
    fields: {
      default: 'string',
      override: { nullable: 'string' },
      profiles: { record: profile },
    },
    open: true,
  },
  skills: {
    fields: {
      dir: 'path',
      base: { list: 'id' },
      byRole: { record: { list: 'id' } },
      byRuntime: { record: { list: 'id' } },
      byDeployKind: { record: { list: 'id' } },
    },
  },
  capabilityRouting: { fields: { preferredAgents: { record: strings } } },
  runtimePolicy: {
    fields: {
      runtimeMixTargets: { record: 'threshold' },
      defaultExecutorByRole: { record: 'string' },
      fallbackExecutorOrder: strings,
    },
  },
  planner: 'any',
  waveControl: 'any',
  externalProviders: 'any',
  sharedPlanDocs: { list: 'path' },
  budget: { fields: { usd: 'amount', tokens: 'positive', minutes: 'amount' } },
  workspace: { fields: { setup: strings, links: strings } },
  limits: {
    fields: {
      attemptMinutes: 'amount',
      idleMinutes: 'amount',
      rateLimitWaitMinutes: 'amount-or-none',
      repairMinutes: 'amount',
      proofMinutes: 'amount',
      attempts: 'positive',
    },
  },
  store: { fields: { path: 'string' } },
  bundle: { fields: { transcript: { enum: ['full', 'redacted', 'local'] } } },
  secrets: { fields: { names: strings, patterns: strings } },
  trust: { enum: ['signed', 'reprove', 'digest'] },
  run: { enum: ['auto', 'local-only', 'never'] },
  compat: { fields: { legacySignals: 'boolean' } },
};

const lanes: Shape = { record: { fields: scope } };

export const configShape: Shape = {
  fields: {
    $schema: 'any',
    version: 'any',
    projectName: 'string',
    repoMode: { enum: ['single-repo', 'multi-lane'] },
    defaultLane: 'string',
    defaultProject: { nullable: 'string' },
    ...scope,
    lanes,
    projects: { record: { fields: { rootDir: 'path', projectName: 'string', ...scope, lanes } } },
  },
};
