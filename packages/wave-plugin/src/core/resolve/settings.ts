import { type RoleId } from '@nx-wave/schemas';
import { roleIds } from '@nx-wave/schemas/plain';
import { type RoleNames, type WaveIdentity, type WaveSettings } from '../model';
import { type Scope } from './scope';

/** Defaults of the limits: minutes, and attempts per work key. */
const limits: WaveSettings['limits'] = {
  attemptMinutes: 60,
  idleMinutes: 15,
  rateLimitWaitMinutes: 30,
  repairMinutes: 3,
  proofMinutes: 10,
  attempts: 5,
};

/** The configuration of one wave with every default filled in. */
export function settingsOf(scope: Scope, docsDir: string, identity: WaveIdentity): WaveSettings {
  const { paths = {}, budget = {}, executors = {} } = scope;
  return {
    docsDir,
    sharedPlanDocs:
      scope.sharedPlanDocs ??
      ['current-state', 'master-plan', 'migration'].map((name) => below(docsDir, `plans/${name}.md`)),
    matrixPath: matrixPathOf(scope, docsDir),
    matrixDocPath: paths.componentCutoverMatrixDocPath ?? below(docsDir, 'plans/component-cutover-matrix.md'),
    benchmarkCatalogPath: paths.benchmarkCatalogPath ?? below(docsDir, 'evals/benchmark-catalog.json'),
    limits: { ...limits, ...pick(scope.limits ?? {}, Object.keys(limits)) },
    budget: { usd: budget.usd ?? null, tokens: budget.tokens ?? null, minutes: budget.minutes ?? null },
    workspace: { setup: scope.workspace?.setup ?? [], links: scope.workspace?.links ?? [] },
    testCommand: scope.validation?.testCommand ?? null,
    storePath: scope.store?.path ?? null,
    transcript: scope.bundle?.transcript ?? 'redacted',
    secrets: { names: scope.secrets?.names ?? [], patterns: scope.secrets?.patterns ?? [] },
    trust: scope.trust ?? 'reprove',
    run: scope.run ?? null,
    legacySignals: scope.compat?.legacySignals ?? false,
    executors: Object.fromEntries(
      Object.entries(executors).filter(
        (entry): entry is [string, Record<string, unknown>] =>
          entry[0] !== 'profiles' && typeof entry[1] === 'object' && entry[1] !== null,
      ),
    ),
    preferredAgents: scope.capabilityRouting?.preferredAgents ?? {},
    runtimeMixTargets: scope.runtimePolicy?.runtimeMixTargets ?? {},
    advisoryGates: advisoryGates(scope, identity.waveNumber),
  };
}

/** Paths have one form: what lies at the workspace root has no folder in front. */
function below(docsDir: string, path: string): string {
  return docsDir === '.' ? path : `${docsDir}/${path}`;
}

export function matrixPathOf({ paths }: Scope, docsDir: string): string {
  return paths?.componentCutoverMatrixJsonPath ?? below(docsDir, 'plans/component-cutover-matrix.json');
}

/** The bundle index; the documents of a bundle stand beside it. */
export function context7IndexPathOf({ paths }: Scope, docsDir: string): string {
  return paths?.context7BundleIndexPath ?? below(docsDir, 'context7/bundles.json');
}

function pick(record: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key)));
}

/** Gates that an early wave may close without, once the configuration says what early means. */
const bootstrapAdvisory = [
  'documentationGate',
  'contQaGate',
  'integrationBarrier',
  'componentMatrixGate',
  'componentGate',
];

function advisoryGates(scope: Scope, waveNumber: number): string[] {
  const thresholds = scope.validation?.gateModeThresholds;
  if (thresholds?.bootstrap === undefined || waveNumber < thresholds.bootstrap) return [];
  const firstStandard = Math.min(thresholds.standard ?? Infinity, thresholds.strict ?? Infinity);
  return waveNumber < firstStandard ? [...bootstrapAdvisory] : [];
}

/** The ids and prompt paths that roles are recognised by. Scopes are kept, and what follows from one is kept with it. */
export function roleNamesOf(scope: Scope, docsDir: string): RoleNames {
  const known = namesOf.get(scope);
  if (known?.docsDir === docsDir) return known.names;
  const names = makeRoleNames(scope, docsDir);
  namesOf.set(scope, { docsDir, names });
  return names;
}

const namesOf = new WeakMap<Scope, { docsDir: string; names: RoleNames }>();

function makeRoleNames(scope: Scope, docsDir: string): RoleNames {
  const names = scope.roles ?? {};
  const rolePromptDir = names['rolePromptDir'] ?? below(docsDir, 'agents');
  const promptPath = (role: RoleId): string =>
    names[`${camelCase(role)}RolePromptPath`] ?? `${rolePromptDir}/wave-${role}-role.md`;
  return {
    rolePromptDir,
    contQaAgentId: names['contQaAgentId'] ?? 'A0',
    contEvalAgentId: names['contEvalAgentId'] ?? 'E0',
    integrationAgentId: names['integrationAgentId'] ?? 'A8',
    documentationAgentId: names['documentationAgentId'] ?? 'A9',
    rolePromptPaths: Object.fromEntries(roleIds.map((role) => [role, promptPath(role)])),
  };
}

function camelCase(role: RoleId): string {
  return role.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
