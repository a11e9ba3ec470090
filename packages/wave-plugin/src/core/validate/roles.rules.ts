import { type AgentSpec, type RoleId } from '@nx-wave/schemas';
import { type Failure } from '@nx-wave/schemas/plain';
import { quote } from '../parse/diagnostics';
import { type ValidationFacts, type ValidationRule } from './facts';

const isText = (path: string): boolean => /\.(md|txt)$/i.test(path);

/** What each role must import and own besides its work. */
const reportRules: readonly { role: RoleId; what: string; isReport(path: string): boolean }[] = [
  { role: 'cont-qa', what: 'a review report', isReport: isText },
  { role: 'cont-eval', what: 'an evaluation report', isReport: isText },
  { role: 'security', what: 'a security report', isReport: (path) => isText(path) && /security/i.test(path) },
  {
    role: 'design',
    what: 'a design packet',
    isReport: (path) => isText(path) && /design|handoff|decision-lineage/i.test(path),
  },
];

/** The role of an agent as its first pass has it. */
function roleOf(facts: ValidationFacts, agent: AgentSpec): RoleId {
  const units = facts.wave.agents.filter(({ agentId }) => agentId === agent.agentId);
  return units[0]?.role ?? 'implementation';
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

/** A wave is judged as a whole by its cont-QA agent. */
export const hasContQa: ValidationRule = (facts) => {
  if (facts.definition.agents.some((agent) => roleOf(facts, agent) === 'cont-qa')) return [];
  return [
    facts.locator.failure(
      'role-missing',
      {},
      {
        message: `The wave has no cont-QA agent ${quote(facts.names.contQaAgentId)}.`,
        next: `Add \`## Agent ${facts.names.contQaAgentId}: …\`, or name another id in \`roles.contQaAgentId\`.`,
      },
    ),
  ];
};

/** Stewards import the prompt of their role and own the report that they write. */
export const stewardsImportAndReport: ValidationRule = (facts) =>
  facts.definition.agents.flatMap((agent) => {
    const rule = reportRules.find(({ role }) => role === roleOf(facts, agent));
    if (!rule) return [];
    const found: Failure[] = [];
    const path = facts.names.rolePromptPaths[rule.role] ?? '';
    if (!importers(facts, rule.role).includes(agent))
      found.push(
        facts.locator.failure(
          'role-prompt-not-imported',
          { agent },
          {
            message: `Agent ${quote(agent.agentId)} is a ${rule.role} agent and imports no role prompt: it gets the built-in one.`,
            next: `Add \`### Role prompts\` with \`- ${path}\`.`,
            severity: 'warning',
          },
        ),
      );
    if (!agent.ownedPaths.some(rule.isReport))
      found.push(
        facts.locator.failure(
          'report-not-owned',
          { agent, section: '### Prompt' },
          {
            message: `Agent ${quote(agent.agentId)} owns no path for ${rule.what}.`,
            next: `Add a \`.md\` or \`.txt\` path for ${rule.what} to its file ownership.`,
          },
        ),
      );
    return found;
  });

/** Exactly one agent is the integration steward, and exactly one the documentation steward, from a wave on. */
export const oneStewardEach: ValidationRule = (facts) => {
  const { validation } = facts.scope;
  const thresholds: [RoleId, number | null, string][] = [
    ['integration', validation.requireIntegrationStewardFromWave, 'requireIntegrationStewardFromWave'],
    ['documentation', validation.requireDocumentationStewardFromWave, 'requireDocumentationStewardFromWave'],
  ];
  return thresholds.flatMap(([role, from, key]) => {
    const agents = holders(facts, role);
    if (!facts.applies(from) || agents.length === 1) return [];
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
              ? `Give one agent \`### Role prompts\` with \`- ${path}\`.${orFromWave(key)}`
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
  const [steward] = holders(facts, 'documentation');
  if (!steward || !facts.applies(validation.requireDocumentationStewardFromWave)) return [];
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
            message: `The documentation steward ${quote(steward.agentId)} does not own ${quote(path)}.`,
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
              message: `Agent ${quote(agent.agentId)} owns ${quote(path)}, which belongs to the documentation steward ${quote(steward.agentId)}.`,
              next: 'Remove the path.',
            },
          ),
        );
    return found;
  });
};

/** An agent judges the wave in one way at most. */
export const oneClosureRoleEach: ValidationRule = (facts) => {
  const { names } = facts;
  const ids: Partial<Record<RoleId, string>> = {
    'cont-qa': names.contQaAgentId,
    'cont-eval': names.contEvalAgentId,
    integration: names.integrationAgentId,
    documentation: names.documentationAgentId,
  };
  const closing: RoleId[] = ['cont-eval', 'security', 'integration', 'documentation', 'cont-qa'];
  return facts.definition.agents.flatMap((agent) => {
    const held = closing.filter(
      (role) => ids[role] === agent.agentId || importers(facts, role).includes(agent),
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
