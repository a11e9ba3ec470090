import { stages, type Checked, type Failure, type FilledScope } from '@nx-wave/schemas/plain';
import { type Promotion, type WaveConfig, type WaveDefinition } from '@nx-wave/schemas';
import {
  type ExecutorVocabulary,
  type ResolvedAgent,
  type ResolvedWave,
  type RoleRule,
  type WaveIdentity,
} from '../model';
import { quote } from '../parse/diagnostics';
import { nearest } from '../parse/nearest';
import { ownershipOf } from '../parse/paths';
import { contextPathsOf, skillsOf } from './agent-files';
import { chooseContext7 } from './context7';
import { crossRules } from './cross-rules';
import { filledScopeOf } from './filled-scope';
import { dependencyProject } from './identity';
import { createLocator, type WaveLocator } from './locate';
import { type WaveReferences } from './references';
import { proofStrengthOf } from './proof-strength';
import { profileOf, resolveExecutor, type ExecutorContext } from './resolve-executor';
import { roleNamesOf, settingsOf } from './settings';
import { isProofCentric, targetOfUnit, unitsOf, type Unit } from './units';

/** The plug points that the language knows: roles in matching order, executors in any. */
export interface Registries {
  roles: readonly RoleRule[];
  executors: readonly ExecutorVocabulary[];
}

/** Which wave a file is, and the configuration that rules it. */
export interface WavePlace {
  identity: WaveIdentity;
  config: WaveConfig;
}

export interface ResolveOptions {
  /** `--executor`: every agent runs on it. */
  executor?: string;
  /** The text of the wave file: with it failures point at the words they blame. */
  text?: string;
  /** What other documents say; without them nothing is known of levels and bundles. */
  references?: WaveReferences;
}

/**
 * Applies the configuration to a wave: roles, stages, executors, skills, context files, settings. Fails where the
 * wave breaks a rule across agents, or names a profile or executor that nobody has.
 */
export function resolveWave(
  definition: WaveDefinition,
  { identity, config }: WavePlace,
  options: Registries & ResolveOptions,
): Checked<ResolvedWave> {
  const scope = filledScopeOf(config, identity);
  const names = roleNamesOf(scope, options.roles);
  const locator = createLocator(identity.path, identity.project, options.text);
  const units = definition.agents.flatMap((agent) => unitsOf(agent, options.roles, names));
  const executors: ExecutorContext = {
    scope,
    vocabularies: options.executors,
    override: options.executor ?? null,
  };
  const references = options.references ?? {};
  const { ownershipOverlap } = scope.validation;
  const context: AgentContext = {
    definition,
    lane: identity.lane,
    references,
    scope,
    executors,
    units,
    targets: new Map(definition.promotions.map(({ componentId, targetLevel }) => [componentId, targetLevel])),
  };
  const agents = inStageOrder(units).map((unit) => resolveAgent(unit, context));
  const failures = [
    ...crossRules.flatMap((rule) => rule({ definition, units, identity, locator, ownershipOverlap })),
    ...executorFailures(definition, agents, { ...executors, locator }),
    ...context7Failures(definition, references),
  ];
  if (failures.some(({ severity }) => severity === 'error')) return { ok: false, failures };
  return {
    ok: true,
    warnings: failures,
    value: {
      identity,
      title: definition.title,
      commitMessage: definition.commitMessage,
      dependsOn: [...new Set(definition.dependsOn.map((name) => dependencyProject(name, identity)))],
      promotions: definition.promotions,
      evalTargets: definition.evalTargets,
      deployEnvironments: definition.deployEnvironments,
      agents,
      ...(references.levels ? { levels: references.levels } : {}),
      settings: settingsOf(scope, identity.waveNumber),
    },
  };
}

/** The rules across agents alone: what can be said of a wave file without executors and profiles. */
export function crossFailures(
  definition: WaveDefinition,
  { identity, config }: WavePlace,
  { roles, text }: { roles: readonly RoleRule[]; text?: string },
): Failure[] {
  const scope = filledScopeOf(config, identity);
  const names = roleNamesOf(scope, roles);
  const units = definition.agents.flatMap((agent) => unitsOf(agent, roles, names));
  const locator = createLocator(identity.path, identity.project, text);
  const { ownershipOverlap } = scope.validation;
  return crossRules.flatMap((rule) => rule({ definition, units, identity, locator, ownershipOverlap }));
}

interface AgentContext {
  definition: WaveDefinition;
  lane: string;
  references: WaveReferences;
  scope: FilledScope;
  executors: ExecutorContext;
  units: readonly Unit[];
  targets: ReadonlyMap<string, string>;
}

function inStageOrder(units: readonly Unit[]): Unit[] {
  return stages.flatMap((stage) => units.filter((unit) => unit.stage === stage));
}

function resolveAgent(unit: Unit, context: AgentContext): ResolvedAgent {
  const { agent, agentRole, preparing } = unit;
  const targets: Promotion[] = agent.components.flatMap((componentId) => {
    const targetLevel = context.targets.get(componentId);
    return targetLevel === undefined ? [] : [{ componentId, targetLevel }];
  });
  const proofCentric = isProofCentric(
    agent,
    targets.map(({ targetLevel }) => targetLevel),
  );
  const executor = resolveExecutor(agent, { role: agentRole, proofCentric }, context.executors);
  const skills = skillsOf(agent, { role: unit.role, executorId: executor.id, ...context });
  const context7 = chooseContext7(
    {
      own: agent.context7,
      shared: context.definition.context7,
      prompt: agent.prompt,
      lane: context.lane,
    },
    context.references.context7,
  );
  const own = ownershipOf(unit.ownedPaths);
  const mine = <T>(list: readonly T[], pathOf: (item: T) => string): T[] =>
    preparing ? list.filter((item) => own.ownerOf(pathOf(item)) !== null) : [...list];
  return {
    unitId: unit.unitId,
    agentId: agent.agentId,
    target: targetOfUnit(unit.unitId),
    title: agent.title,
    line: agent.line,
    role: unit.role,
    envelopeRole: unit.envelopeRole,
    stage: unit.stage,
    traits: unit.traits,
    implementationOwning: unit.implementationOwning,
    proofCentric: proofCentric && !preparing,
    executor,
    context7,
    rolePrompts: agent.rolePrompts,
    skills,
    components: preparing ? [] : targets,
    capabilities: agent.capabilities,
    exitContract: preparing ? null : agent.exitContract,
    deliverables: mine(agent.deliverables, (path) => path),
    proofArtifacts: preparing ? [] : agent.proofArtifacts,
    proofCommands: preparing ? [] : agent.proofCommands,
    ...(preparing || agent.mayWrite === undefined ? {} : { mayWrite: agent.mayWrite }),
    proofStrength: proofStrengthOf(agent, unit.ownedPaths, context.scope),
    dependsOn: dependenciesOf(unit, context.units),
    prompt: agent.prompt,
    ownedPaths: unit.ownedPaths,
    contextPaths: contextPathsOf(agent, executor, { skills, documents: context7.documents }),
  };
}

/** Those agents of the same stage that it waits for; the others have run by then. */
function dependenciesOf({ agent, stage }: Unit, units: readonly Unit[]): string[] {
  if (agent.dependsOn.length === 0) return [];
  const names = new Set(agent.dependsOn);
  return units
    .filter((other) => other.stage === stage && names.has(other.agent.agentId))
    .map(({ unitId }) => unitId);
}

/** A broken bundle index, unless no agent wants a bundle of it: who runs without it runs on something else. */
function context7Failures(
  definition: WaveDefinition,
  { context7Failures: found = [] }: WaveReferences,
): Failure[] {
  const shared = definition.context7?.bundle ?? null;
  const isWanted = definition.agents.some(({ context7 }) => (context7?.bundle ?? shared) !== 'none');
  return isWanted ? [...found] : [];
}

/** Profiles and executors that nobody has; every agent that would run on them is named. */
function executorFailures(
  definition: WaveDefinition,
  agents: readonly ResolvedAgent[],
  { scope, vocabularies, locator }: ExecutorContext & { locator: WaveLocator },
): Failure[] {
  const found: Failure[] = [];
  const profiles = Object.keys(scope.executors.profiles);
  for (const agent of definition.agents) {
    const { profile } = agent.executor;
    if (profile === null || profileOf(agent.executor, scope)) continue;
    const meant = nearest(profile, profiles);
    found.push(
      locator.failure(
        'executor-profile-unknown',
        { agent, section: '### Executor', needle: profile },
        {
          message: `The configuration has no executor profile ${quote(profile)}.`,
          next:
            meant === null
              ? 'Add it to `executors.profiles` in wave.config.json, or write `- id: <executor>` instead.'
              : `Write \`- profile: ${meant}\`.`,
        },
      ),
    );
  }
  const ids = vocabularies.map(({ executorId }) => executorId);
  const reported = new Set<string>();
  for (const { agentId, executor } of agents)
    for (const id of [executor.id, ...executor.fallbacks]) {
      if (ids.includes(id) || reported.has(`${agentId} ${id}`)) continue;
      reported.add(`${agentId} ${id}`);
      const agent = definition.agents.find((spec) => spec.agentId === agentId);
      const meant = nearest(id, ids);
      found.push(
        locator.failure(
          'executor-unknown',
          { agent },
          {
            message: `Agent ${quote(agentId)} would run on ${quote(id)} (${executor.selectedBy}), which is no executor.`,
            next: meant === null ? `Use one of: ${ids.join(', ')}.` : `Write \`${meant}\`.`,
          },
        ),
      );
    }
  return found;
}
