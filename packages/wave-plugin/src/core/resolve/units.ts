import { type AgentSpec, type EnvelopeRole, type RoleId, type Stage } from '@nx-wave/schemas';
import { maturityLevels, proofCentricLevel, reaches } from '@nx-wave/schemas/plain';
import { type RoleNames, type RoleRule, type RoleTraits } from '../model';

/** One run of an agent: most agents have one, a hybrid two. */
export interface Unit {
  unitId: string;
  agent: AgentSpec;
  /** Role of the agent, which picks executor and skills; the second pass of a hybrid runs as `role`. */
  agentRole: RoleId;
  role: RoleId;
  envelopeRole: EnvelopeRole;
  stage: Stage;
  traits: RoleTraits;
  implementationOwning: boolean;
  ownedPaths: string[];
  /** The first of two passes owes no components, contract or proof. */
  preparing: boolean;
}

/** The first role rule that matches; the last rule of a registry matches every agent. */
export function roleOf(agent: AgentSpec, roles: readonly RoleRule[], names: RoleNames): RoleRule {
  const found = roles.find((rule) => rule.matches(agent, names)) ?? roles[roles.length - 1];
  if (!found) throw new Error('a role registry cannot be empty');
  return found;
}

/** The traits of a role with the defaults filled in. */
export function traitsOf({ id, traits }: Pick<RoleRule, 'id' | 'traits'>): RoleTraits {
  return { shippedPrompt: `${id}.md`, ...traits };
}

export function unitsOf(agent: AgentSpec, roles: readonly RoleRule[], names: RoleNames): Unit[] {
  const rule = roleOf(agent, roles, names);
  const implementationOwning = rule.implementationOwning(agent);
  const single: Unit = {
    unitId: agent.agentId,
    agent,
    agentRole: rule.id,
    role: rule.id,
    envelopeRole: rule.envelopeRole,
    stage: rule.stage,
    traits: traitsOf(rule),
    implementationOwning,
    ownedPaths: agent.ownedPaths,
    preparing: false,
  };
  const { firstPass } = rule;
  const implementer = roles[roles.length - 1];
  if (!firstPass || !implementationOwning || !implementer) return [single];
  const prepared = agent.ownedPaths.filter((path) => firstPass.owns(path));
  return [
    {
      ...single,
      unitId: `${agent.agentId}-${firstPass.suffix}`,
      implementationOwning: false,
      ownedPaths: prepared.length > 0 ? prepared : agent.ownedPaths,
      preparing: true,
    },
    {
      ...single,
      role: implementer.id,
      envelopeRole: implementer.envelopeRole,
      stage: implementer.stage,
      traits: traitsOf(implementer),
    },
  ];
}

/** Lifts a component to pilot-live or above, or promises an artifact for that: proof counts more than code. */
export function isProofCentric(agent: AgentSpec, targetLevels: readonly string[]): boolean {
  const live = (level: string): boolean => reaches(maturityLevels, level, proofCentricLevel);
  return (
    targetLevels.some(live) ||
    agent.proofArtifacts.some(({ requiredFor }) => requiredFor.length === 0 || requiredFor.some(live))
  );
}

/** The Nx target of a unit: `agent-a1`, `agent-d1-design`. */
export function targetOfUnit(unitId: string): string {
  return `agent-${unitId.toLowerCase()}`;
}
