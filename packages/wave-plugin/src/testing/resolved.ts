import { type OptionValue } from '@nx-wave/schemas';
import { type ResolvedAgent, type ResolvedWave, type WaveSettings } from '../core/model';
import { traitsOf } from '../core/resolve/units';
import { roles } from '../roles/registry';

/** A resolved agent with nothing unusual in it; `options` are those of its executor. */
export function buildAgent(overrides: Partial<ResolvedAgent> = {}): ResolvedAgent {
  const role = overrides.role ?? 'implementation';
  return {
    unitId: 'A1',
    agentId: 'A1',
    target: 'agent-a1',
    title: 'Example',
    line: 12,
    role,
    envelopeRole: 'implementation',
    stage: 'implementation',
    traits: traitsOf(roles.find(({ id }) => id === role) ?? { id: role }),
    implementationOwning: true,
    proofCentric: false,
    executor: buildExecutor('local'),
    context7: { bundle: null, query: null, libraries: [], documents: [] },
    rolePrompts: [],
    skills: [],
    components: [],
    capabilities: [],
    exitContract: null,
    deliverables: [],
    proofArtifacts: [],
    proofCommands: [],
    proofStrength: buildStrength(),
    dependsOn: [],
    prompt: 'Do it.',
    ownedPaths: ['src/'],
    contextPaths: [],
    ...overrides,
  };
}

/** What an agent without a section of its own is asked for. */
export function buildStrength(
  overrides: Partial<ResolvedAgent['proofStrength']> = {},
): ResolvedAgent['proofStrength'] {
  return {
    level: 'checked',
    usual: 'checked',
    required: false,
    mayChange: [],
    heldOut: [],
    reason: null,
    mutants: 8,
    ...overrides,
  };
}

export function buildExecutor(
  id: string,
  options: Record<string, OptionValue> = {},
  overrides: Partial<ResolvedAgent['executor']> = {},
): ResolvedAgent['executor'] {
  return {
    id,
    selectedBy: 'agent-id',
    model: null,
    retryPolicy: 'sticky',
    fallbacks: [],
    tags: [],
    budget: {},
    options: { [id]: options },
    ...overrides,
  };
}

export function buildWave(agents: ResolvedAgent[], settings: Partial<WaveSettings> = {}): ResolvedWave {
  return {
    identity: {
      project: 'wave-3',
      waveNumber: 3,
      lane: 'main',
      projectId: null,
      stateRoot: '.tmp',
      launcherDir: '.tmp/main-wave-launcher',
      stateRoots: ['.tmp'],
      path: 'docs/plans/waves/wave-3.md',
      ledgerDir: 'docs/plans/waves/wave-3.ledger',
    },
    title: null,
    commitMessage: null,
    dependsOn: [],
    promotions: [],
    evalTargets: [],
    deployEnvironments: [],
    agents,
    settings: {
      docsDir: 'docs',
      sharedPlanDocs: [],
      matrixPath: 'docs/plans/component-cutover-matrix.json',
      matrixDocPath: 'docs/plans/component-cutover-matrix.md',
      benchmarkCatalogPath: 'docs/evals/benchmark-catalog.json',
      limits: {
        attemptMinutes: 60,
        idleMinutes: 15,
        rateLimitWaitMinutes: 30,
        repairMinutes: 3,
        proofMinutes: 10,
        attempts: 5,
        memoryMb: null,
        processes: 2000,
        diskMb: null,
      },
      budget: { usd: null, tokens: null, minutes: null },
      maxUsd: null,
      people: {
        ...{ answers: null, escalateMinutes: null, escalateTo: null },
        ...{ rerouteMinutes: null, rerouteTo: null, deadlineMinutes: null },
      },
      notify: { command: [], webhook: null, on: [], env: [] },
      autopilot: { repairs: 2, waitMinutes: 0, land: 'off' },
      workspace: { setup: [], links: [] },
      proof: { home: 'private', env: [], isolation: 'auto', services: [], folders: [] },
      testCommand: null,
      store: {
        url: null,
        path: null,
        repository: null,
        places: null,
        waitMinutes: 120,
        periods: { beat: 60, lost: 120, end: 30, dead: 180, poll: 10, checkpoint: 300 },
      },
      transcript: 'redacted',
      secrets: { names: [], patterns: [] },
      trust: 'reprove',
      run: null,
      legacySignals: false,
      executors: {},
      preferredAgents: {},
      runtimeMixTargets: {},
      advisoryGates: [],
      ...settings,
    },
  };
}
