import { type RoleId } from '@nx-wave/schemas';
import { rolePromptKey, scopeKeys, type FilledScope } from '@nx-wave/schemas/plain';
import { type RoleNames, type RoleRule, type WaveSettings } from '../model';

/** The configuration of one wave, as everything after the language takes it. */
export function settingsOf(scope: FilledScope, waveNumber: number): WaveSettings {
  const { paths, budget } = scope;
  return {
    docsDir: paths.docsDir,
    sharedPlanDocs: scope.sharedPlanDocs,
    matrixPath: paths.componentCutoverMatrixJsonPath,
    matrixDocPath: paths.componentCutoverMatrixDocPath,
    benchmarkCatalogPath: paths.benchmarkCatalogPath,
    limits: pick(scope.limits, Object.keys(scopeKeys.limits.fields)),
    budget: { usd: budget.usd ?? null, tokens: budget.tokens ?? null, minutes: budget.minutes ?? null },
    maxUsd: budget.maxUsd ?? null,
    people: peopleOf(scope),
    notify: { ...pick(scope.notify, ['command', 'on', 'env']), webhook: scope.notify.webhook ?? null },
    autopilot: pick(scope.autopilot, ['repairs', 'waitMinutes', 'land']),
    workspace: { setup: scope.workspace.setup, links: scope.workspace.links },
    proof: pick(scope.proof, ['home', 'env', 'isolation', 'services', 'folders']),
    testCommand: scope.validation.testCommand ?? null,
    store: storeOf(scope),
    transcript: scope.bundle.transcript,
    secrets: { names: scope.secrets.names, patterns: scope.secrets.patterns },
    trust: scope.trust,
    run: scope.run ?? null,
    legacySignals: scope.compat.legacySignals,
    executors: sectionsOf(scope),
    preferredAgents: scope.capabilityRouting.preferredAgents,
    runtimeMixTargets: scope.runtimePolicy.runtimeMixTargets,
    advisoryGates: advisoryGates(scope, waveNumber),
  };
}

function storeOf({ store }: FilledScope): WaveSettings['store'] {
  const { url, path, repository, places, waitMinutes, periods } = store;
  return {
    url: url ?? null,
    path: path ?? null,
    repository: repository ?? null,
    places: places ?? null,
    waitMinutes,
    periods: pick(periods, Object.keys(scopeKeys.store.fields.periods.fields)),
  };
}

function peopleOf({ people }: FilledScope): WaveSettings['people'] {
  return {
    answers: people.answers ?? null,
    escalateMinutes: people.escalateMinutes ?? null,
    escalateTo: people.escalateTo ?? null,
    rerouteMinutes: people.rerouteMinutes ?? null,
    rerouteTo: people.rerouteTo ?? null,
    deadlineMinutes: people.deadlineMinutes ?? null,
  };
}

/** Sections of executors: every object besides the keys of the table. */
function sectionsOf({ executors }: FilledScope): WaveSettings['executors'] {
  return Object.fromEntries(
    Object.entries(executors).filter(
      (entry): entry is [string, Record<string, unknown>] =>
        !Object.hasOwn(scopeKeys.executors.fields, entry[0]) &&
        typeof entry[1] === 'object' &&
        entry[1] !== null,
    ),
  );
}

function pick<T extends object>(record: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key))) as T;
}

/** Gates that an early wave may close without, once the configuration says what early means. */
const bootstrapAdvisory = [
  'documentationGate',
  'contQaGate',
  'integrationBarrier',
  'componentMatrixGate',
  'componentGate',
];

function advisoryGates({ validation }: FilledScope, waveNumber: number): string[] {
  const { bootstrap, standard, strict } = validation.gateModeThresholds;
  if (bootstrap === undefined || waveNumber < bootstrap) return [];
  const firstStandard = Math.min(standard ?? Infinity, strict ?? Infinity);
  return waveNumber < firstStandard ? [...bootstrapAdvisory] : [];
}

const namesOf = new WeakMap<FilledScope, { roles: readonly RoleRule[]; names: RoleNames }>();

/** The ids and prompt paths that roles are recognised by. Scopes are kept, and what follows from one is kept with it. */
export function roleNamesOf(scope: FilledScope, roles: readonly RoleRule[]): RoleNames {
  const known = namesOf.get(scope);
  if (known?.roles === roles) return known.names;
  const names = makeRoleNames(scope.roles, roles);
  namesOf.set(scope, { roles, names });
  return names;
}

/** What the table of keys does not know of a role, its own file says: its agent id, and the usual name of its prompt. */
function makeRoleNames(given: FilledScope['roles'], roles: readonly RoleRule[]): RoleNames {
  const { rolePromptDir } = given;
  const folder = rolePromptDir === '.' ? '' : `${rolePromptDir}/`;
  const textAt = (key: string): string | undefined => {
    const value = given[key];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    rolePromptDir,
    agentIds: Object.fromEntries(
      roles.flatMap(({ id, agentId }) =>
        agentId === undefined ? [] : [[id, textAt(agentIdKey(id)) ?? agentId]],
      ),
    ),
    rolePromptPaths: Object.fromEntries(
      roles.map(({ id }) => [id, textAt(rolePromptKey(id)) ?? `${folder}wave-${id}-role.md`]),
    ),
  };
}

/** The key of `roles{}` that names the agent of a role: `contQaAgentId`. */
export function agentIdKey(role: RoleId): string {
  return rolePromptKey(role).replace(/RolePromptPath$/, 'AgentId');
}
