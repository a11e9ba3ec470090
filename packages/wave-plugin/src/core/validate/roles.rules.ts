import { type AgentSpec, type RoleId } from '@nx-wave/schemas';
import { stages, type Failure } from '@nx-wave/schemas/plain';
import { type RoleRule } from '../model';
import { quote } from '../parse/diagnostics';
import { agentIdKey } from '../resolve/settings';
import { type ValidationFacts, type ValidationRule } from './facts';

/** The role of an agent as its first pass has it. */
export function roleOf(facts: ValidationFacts, agent: AgentSpec): RoleId {
  const units = facts.wave.agents.filter(({ agentId }) => agentId === agent.agentId);
  return units[0]?.role ?? '';
}

/** Agents that hold the role, by id or by import. */
function holders(facts: ValidationFacts, role: RoleId): AgentSpec[] {
  const imported = importers(facts, role);
  return facts.definition.agents.filter((agent) => imported.includes(agent) || roleOf(facts, agent) === role);
}

function importers(facts: ValidationFacts, role: RoleId): AgentSpec[] {
  const configured = facts.names.rolePromptPaths[role];
  const usual = `wave-${role}-role.md`;
  return facts.definition.agents.filter(({ rolePrompts }) =>
    rolePrompts.some((path) => path === configured || path === usual || path.endsWith(`/${usual}`)),
  );
}

/** Roles that no wave can do without: somebody judges it as a whole. */
export const requiredRolesAreHeld: ValidationRule = (facts) =>
  facts.roles.flatMap(({ id, required, requiredFromWave }) => {
    if (requiredFromWave !== undefined && !facts.applies(facts.scope.validation[requiredFromWave])) return [];
    if (required === undefined || facts.definition.agents.some((agent) => roleOf(facts, agent) === id))
      return [];
    const agentId = facts.names.agentIds[id];
    return [
      facts.locator.failure(
        'role-missing',
        {},
        {
          message: `The wave has no ${required}${agentId === undefined ? '' : ` ${quote(agentId)}`}.`,
          next:
            agentId === undefined
              ? `Give one agent \`### Role prompts\` with \`- ${facts.names.rolePromptPaths[id] ?? ''}\`.`
              : `Add \`## Agent ${agentId}: …\`, or name another id in \`roles.${agentIdKey(id)}\`.`,
        },
      ),
    ];
  });

/** Stewards import the prompt of their role and own the report that they write. */
export const stewardsImportAndReport: ValidationRule = (facts) =>
  facts.definition.agents.flatMap((agent) => {
    const role = facts.roles.find(({ id }) => id === roleOf(facts, agent));
    if (!role?.report) return [];
    const { what, isReport } = role.report;
    const found: Failure[] = [];
    const path = facts.names.rolePromptPaths[role.id] ?? '';
    if (!importers(facts, role.id).includes(agent))
      found.push(
        facts.locator.failure(
          'role-prompt-not-imported',
          { agent },
          {
            message: `Agent ${quote(agent.agentId)} is a ${role.id} agent and imports no role prompt: it gets the built-in one.`,
            next: `Add \`### Role prompts\` with \`- ${path}\`.`,
            severity: 'warning',
          },
        ),
      );
    if (!agent.ownedPaths.some(isReport))
      found.push(
        facts.locator.failure(
          'report-not-owned',
          { agent, section: '### Prompt' },
          {
            message: `Agent ${quote(agent.agentId)} owns no path for ${what}.`,
            next: `Add a \`.md\` or \`.txt\` path for ${what} to its file ownership.`,
          },
        ),
      );
    return found;
  });

/** Exactly one agent is the integration steward, and exactly one the documentation steward, from a wave on. */
export const oneStewardEach: ValidationRule = (facts) => {
  return facts.roles.toSorted(byStage).flatMap(({ id: role, oneFromWave }) => {
    const agents = holders(facts, role);
    if (!oneFromWave || !facts.applies(facts.scope.validation[oneFromWave]) || agents.length === 1) return [];
    const path = facts.names.rolePromptPaths[role] ?? '';
    return [
      facts.locator.failure(
        'steward-count',
        { agent: agents[1] },
        {
          message:
            agents.length === 0
              ? `The wave has no ${role} steward.`
              : `${agents.length} agents are ${role} stewards: ${agents.map(({ agentId }) => quote(agentId)).join(', ')}.`,
          next:
            agents.length === 0
              ? `Give one agent \`### Role prompts\` with \`- ${path}\`.${orFromWave(oneFromWave)}`
              : 'Keep one of them.',
        },
      ),
    ];
  });
};

/** The documentation steward owns the shared plan documents and the matrix, and nobody else does. */
export const sharedDocsHaveOneOwner: ValidationRule = (facts) => {
  const { settings } = facts.wave;
  const { validation } = facts.scope;
  const role = facts.roles.find(({ ownsSharedPlan }) => ownsSharedPlan);
  const [steward] = role ? holders(facts, role.id) : [];
  if (!role || !steward || (role.oneFromWave && !facts.applies(validation[role.oneFromWave]))) return [];
  const withMatrix =
    facts.definition.promotions.length > 0 && facts.applies(validation.requireComponentPromotionsFromWave);
  const shared = [
    ...settings.sharedPlanDocs,
    ...(withMatrix ? [settings.matrixDocPath, settings.matrixPath] : []),
  ];
  const owns = (agent: AgentSpec, path: string): boolean =>
    agent.ownedPaths.some((owned) => owned === path || (owned.endsWith('/') && path.startsWith(owned)));
  return shared.flatMap((path) => {
    const found: Failure[] = [];
    if (!owns(steward, path))
      found.push(
        facts.locator.failure(
          'shared-doc-ownership',
          { agent: steward, section: '### Prompt' },
          {
            message: `The ${role.id} steward ${quote(steward.agentId)} does not own ${quote(path)}.`,
            next: `Add \`- ${path}\` to its file ownership.`,
          },
        ),
      );
    for (const agent of facts.definition.agents)
      if (agent !== steward && owns(agent, path))
        found.push(
          facts.locator.failure(
            'shared-doc-ownership',
            { agent, section: '### Prompt', needle: path },
            {
              message: `Agent ${quote(agent.agentId)} owns ${quote(path)}, which belongs to the ${role.id} steward ${quote(steward.agentId)}.`,
              next: 'Remove the path.',
            },
          ),
        );
    return found;
  });
};

/** An agent judges the wave in one way at most. */
export const oneClosureRoleEach: ValidationRule = (facts) => {
  const closing = facts.roles
    .filter(({ closes }) => closes)
    .toSorted(byStage)
    .map(({ id }) => id);
  return facts.definition.agents.flatMap((agent) => {
    const held = closing.filter(
      (role) => facts.names.agentIds[role] === agent.agentId || importers(facts, role).includes(agent),
    );
    if (held.length < 2) return [];
    return [
      facts.locator.failure(
        'role-conflict',
        { agent },
        {
          message: `Agent ${quote(agent.agentId)} holds ${held.length} closure roles: ${held.join(', ')}.`,
          next: 'Give each role an agent of its own.',
        },
      ),
    ];
  });
};

/** How a rule that begins at a wave is moved or switched off, for the end of its `next`. */
export function orFromWave(key: string): string {
  return ` Or say in \`validation.${key}\` of the configuration from which wave on it is asked for; null: from none.`;
}

/** In the order in which roles come to work. */
function byStage(a: RoleRule, b: RoleRule): number {
  return stages.indexOf(a.stage) - stages.indexOf(b.stage);
}
