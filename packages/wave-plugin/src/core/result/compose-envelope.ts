import {
  completionLevels,
  durabilityLevels,
  envelopeRoles,
  proofLevels,
  type EnvelopeRole,
} from '@nx-wave/schemas/plain';

/** What a program says of its own work. All of it may be left out, but for the payload of a role that judges. */
export interface EnvelopeClaims {
  /** How it was done, in a sentence. */
  detail?: string;
  /** Default: `satisfied`. */
  state?: 'satisfied' | 'partial' | 'failed' | 'not_applicable';
  /** What of the exit contract is reached; nothing is claimed where it is left out. */
  completion?: (typeof completionLevels)[number];
  durability?: (typeof durabilityLevels)[number];
  proofLevel?: (typeof proofLevels)[number];
  /** Documents of its own that the program changed. */
  docs?: readonly string[];
  /** Components that have reached a level: `{ "order-intake": "baseline-proved" }`. */
  components?: Readonly<Record<string, string>>;
  /** The payload of the role, whole, in place of `docs` and `components`. */
  payload?: Readonly<Record<string, unknown>>;
  /** More of the envelope: `gaps`, `unresolvedBlockers`, `riskNotes`, `facts`, `records`. */
  more?: Readonly<Record<string, unknown>>;
}

/** Who speaks, as the runner tells every program in `WAVE_AGENT_ID` and `WAVE_ROLE`. */
export interface EnvelopeWriter {
  agentId: string;
  role: string;
}

export type ComposedEnvelope = { ok: true; value: Record<string, unknown> } | { ok: false; problem: string };

const words = {
  state: ['satisfied', 'partial', 'failed', 'not_applicable'],
  completion: completionLevels,
  durability: durabilityLevels,
  proofLevel: proofLevels,
} as const;

/** The envelope of a program that has done its work. What is not claimed stands as null; the runner measures the rest. */
export function composeEnvelope(writer: EnvelopeWriter, claims: EnvelopeClaims = {}): ComposedEnvelope {
  const { agentId, role } = writer;
  if (agentId === '' || !(envelopeRoles as readonly string[]).includes(role))
    return refuse(
      'A wave starts this program: WAVE_AGENT_ID and WAVE_ROLE are not set as the runner sets them.',
    );
  for (const [name, allowed] of Object.entries(words) as [keyof typeof words, readonly string[]][]) {
    const value = claims[name];
    if (value !== undefined && !allowed.includes(value))
      return refuse(`${name} is one of ${allowed.join(', ')}; found "${value}".`);
  }
  const payload = claims.payload ?? payloadOf(role as EnvelopeRole, claims);
  if (payload === null)
    return refuse(
      `An agent of the role ${role} judges: give its payload, as "The result envelope" in the prompt shows it.`,
    );
  const { state = 'satisfied', completion = null, durability = null, proofLevel = null, detail } = claims;
  const proof = { state, completion, durability, proofLevel, detail: detail ?? null };
  return {
    ok: true,
    value: { ...claims.more, schemaVersion: 2, agentId, role, proof, [role]: payload },
  };
}

/** Who implements has a payload that says little; nobody judges by leaving the judgement out. */
function payloadOf(
  role: EnvelopeRole,
  { docs = [], components = {} }: EnvelopeClaims,
): Record<string, unknown> | null {
  const implementing: EnvelopeRole = 'implementation';
  if (role !== implementing) return null;
  return {
    docDelta: { state: docs.length > 0 ? 'owned' : 'none', paths: [...docs], detail: null },
    components: Object.entries(components).map(([componentId, level]) => ({
      componentId,
      level,
      state: 'met',
      detail: null,
    })),
  };
}

function refuse(problem: string): ComposedEnvelope {
  return { ok: false, problem };
}
