import type { GateReason, Handoff, Stage } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../core/model';
import type { StageEvidence } from '../core/state/stage-evidence';

export type { BenchmarkCatalog, MatrixFacts, StageEvidence } from '../core/state/stage-evidence';

/** Who can clear a finding; see `repair` of `gateReasonSchema`. */
export type Repair = NonNullable<GateReason['repair']>;

/** The codes that a gate declares, each with one honest sentence. `infra-<state>` stands for every code that begins so. */
export type GateCodes = Readonly<Record<string, string>>;

/** The union of the codes that a declaration allows. */
export type CodeOf<Codes> = Spelled<keyof Codes & string>;
type Spelled<Key extends string> = Key extends `${infer Begin}<${string}>` ? `${Begin}${string}` : Key;

/** One thing that a gate says, before the registry adds the gate's name. */
export interface GateFinding<Code extends string = string> {
  code: Code;
  detail: string;
  /** Unit ids that the finding is about. */
  agentIds: string[];
  paths?: string[];
  command?: string;
  repair: Repair;
  /** Agents that a steward names as those whose slices have to change. */
  owners?: string[];
  /** True for what is worth saying and stops nothing. */
  advisory?: boolean;
}

/**
 * One rule of closing. A gate judges evidence and nothing else; adding one is this file's shape in a file of its own and
 * a line in the registry.
 */
export interface Gate<Code extends string = string> {
  id: string;
  /** All that it may say. Codes are stable: they are never renamed. */
  codes: GateCodes;
  /** Its name in the earlier wave system, accepted in `advisoryGates`. */
  formerName?: string;
  /** Stages that it speaks in. */
  stages: readonly Stage[];
  /** False for what no configuration and no waiver can turn off: without it there is nothing to close on. */
  mayBeAdvisory: boolean;
  /** The report that the gate wants to see of an agent, or null. A trailing `/` means any file below. */
  reportPath?(agent: ResolvedAgent): string | null;
  judge(evidence: StageEvidence): GateFinding<Code>[];
}

/** The units of the judged stage that answer with one envelope, in wave order: whatever their role, this is what they judge. */
export function unitsAnswering(
  evidence: StageEvidence,
  envelopeRole: ResolvedAgent['envelopeRole'],
): ResolvedAgent[] {
  return evidence.wave.agents.filter(
    (agent) => agent.stage === evidence.stage && agent.envelopeRole === envelopeRole,
  );
}

/** The units of one role in the judged stage, in wave order. */
export function unitsOfRole(evidence: StageEvidence, role: ResolvedAgent['role']): ResolvedAgent[] {
  return evidence.wave.agents.filter((agent) => agent.stage === evidence.stage && agent.role === role);
}

/** The handoff of a unit, or undefined: the handoffs gate speaks of those that are missing. */
export function handoffOf(evidence: StageEvidence, agent: ResolvedAgent): Handoff | undefined {
  return evidence.handoffs.find(({ agentId, stage }) => agentId === agent.unitId && stage === agent.stage);
}

/** The owners that a payload section names, sorted, each once. Read loosely: an unknown shape names nobody. */
export function namedOwners(section: unknown): string[] {
  const owners =
    typeof section === 'object' && section !== null ? (section as { owners?: unknown }).owners : [];
  if (!Array.isArray(owners)) return [];
  return [...new Set(owners.filter((owner): owner is string => typeof owner === 'string'))].sort();
}

/** The report that a gate wants to see, where it is known not to be there; else null. */
export function missingReport({ reports = {} }: StageEvidence, report: string | null): string | null {
  const missing = Object.entries(reports).find(([path, isThere]) => path === report && !isThere);
  return missing?.[0] ?? null;
}

/** First owned path that a pattern matches, else null. */
export function firstOwned(agent: ResolvedAgent, pattern: RegExp): string | null {
  return agent.ownedPaths.find((path) => pattern.test(path)) ?? null;
}
