/** The closed word lists of the wave language. Where order matters it runs from low to high. */
export const stages = [
  'design',
  'implementation',
  'cont-eval',
  'security',
  'integration',
  'documentation',
  'cont-qa',
] as const;
export type Stage = (typeof stages)[number];

/**
 * A role as the runner sees it. Roles are no closed list: each is a file of the plugin, and documents carry its id. Several
 * answer with the same envelope.
 */
export type RoleId = string;
export const roleIdPattern = /^[a-z]+(-[a-z]+)*$/;

/** Roles as an envelope names them. */
export const envelopeRoles = [
  'implementation',
  'integration',
  'documentation',
  'cont-qa',
  'cont-eval',
  'security',
  'deploy',
  'design',
] as const;
/** The envelope of work itself; what the others hold is a judgement. */
export const workEnvelopeRole = 'implementation';
export type EnvelopeRole = (typeof envelopeRoles)[number];

/** Whether a cage stands around a program: where one can be had, never without one, or none. */
export const isolationModes = ['auto', 'required', 'off'] as const;
export type Isolation = (typeof isolationModes)[number];

export const completionLevels = ['contract', 'integrated', 'authoritative', 'live'] as const;
export const durabilityLevels = ['none', 'ephemeral', 'durable'] as const;
export const proofLevels = ['unit', 'integration', 'live'] as const;
export const docImpacts = ['none', 'owned', 'shared-plan'] as const;
export const maturityLevels = [
  'inventoried',
  'contract-frozen',
  'repo-landed',
  'baseline-proved',
  'pilot-live',
  'qa-proved',
  'fleet-ready',
  'cutover-ready',
  'deprecation-ready',
] as const;
/** How much a green proof has to say: that it ended well, that tests ran, that they notice missing work, that they notice small faults. */
export const strengthLevels = ['exit', 'counted', 'checked', 'strict'] as const;
/** From this level on a component needs proof artifacts and sticky executors. */
export const proofCentricLevel = 'pilot-live';

export type CompletionLevel = (typeof completionLevels)[number];
export type DurabilityLevel = (typeof durabilityLevels)[number];
export type ProofLevel = (typeof proofLevels)[number];
export type DocImpact = (typeof docImpacts)[number];
export type StrengthLevel = (typeof strengthLevels)[number];
export type MaturityLevel = (typeof maturityLevels)[number];

/** True when `claimed` stands at or above `required` in an ordered word list; an absent claim reaches nothing. */
export function reaches(
  list: readonly string[],
  claimed: string | null | undefined,
  required: string,
): boolean {
  if (claimed === null || claimed === undefined) return false;
  const have = list.indexOf(claimed);
  const want = list.indexOf(required);
  return have >= 0 && want >= 0 && have >= want;
}

/** How a launch ends: `blocked` waits for a person, `failed` was judged and refused, `open` has more to run. */
export const outcomes = ['closed', 'open', 'blocked', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * Why an autopilot has ended: `closed` (landed ones too), `question` (an agent asks a person), `review` (a person has to judge
 * what a gate or a steward said), `attempts` (of an agent, or repairs of the wave, are used up), `budget`, `refused` (something else
 * keeps an agent from running), `no-progress` (a launch changed nothing), `unreadable` (the wave cannot be opened), `cancelled`.
 */
export const autopilotEnds = [
  'closed',
  'question',
  'review',
  'attempts',
  'budget',
  'refused',
  'no-progress',
  'unreadable',
  'cancelled',
] as const;
export type AutopilotEndReason = (typeof autopilotEnds)[number];

/** What a person can be notified of. */
export const notifyEvents = ['blocked', 'closed', 'failed', 'question', 'budget'] as const;
export type NotifyEvent = (typeof notifyEvents)[number];
