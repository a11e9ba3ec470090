import { digestOf } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../model';

/** Raised when the meaning of a key ingredient changes: every older key then misses. */
export const keyFormat = 1;

/** The part of the ledger that reaches one agent. */
export interface AgentLedgerView {
  /** Greatest id of the entries that invalidate the agent, or null. */
  epoch: string | null;
  /** Entries addressed to it, in id order: what its prompt and its ownership take from them. */
  entries: { id: string; type: string; content: unknown }[];
}

/** What inference can know of an agent's work: its own slice of the wave after resolution. In the order in which it is written for a digest. */
export function workSlice(agent: ResolvedAgent, wave: ResolvedWave): Record<string, unknown> {
  const { executor } = agent;
  return {
    agentId: agent.agentId,
    capabilities: agent.capabilities,
    components: agent.components.map(({ componentId }) => componentId),
    context7: agent.context7,
    contextPaths: agent.contextPaths,
    deliverables: agent.deliverables,
    dependsOn: agent.dependsOn,
    deployEnvironments: agent.traits.seesDeployEnvironments ? wave.deployEnvironments : [],
    evalTargets: agent.traits.seesEvalTargets ? wave.evalTargets : [],
    executor: { id: executor.id, model: executor.model, options: executor.options[executor.id] ?? {} },
    ownedPaths: agent.ownedPaths,
    prompt: agent.prompt,
    proofArtifacts: agent.proofArtifacts.map(({ path, kind }) => ({ kind, path })),
    role: agent.role,
    rolePrompts: agent.rolePrompts,
    skills: agent.skills,
    stage: agent.stage,
    title: agent.title,
    unitId: agent.unitId,
    wave: wave.identity.project,
  };
}

/** What decides whether finished work is accepted; it never re-pays the work. */
export function acceptanceSlice(agent: ResolvedAgent): Record<string, unknown> {
  return {
    components: agent.components,
    exitContract: agent.exitContract,
    implementationOwning: agent.implementationOwning,
    ...(agent.mayWrite === undefined ? {} : { mayWrite: agent.mayWrite }),
    proofArtifacts: agent.proofArtifacts,
    proofCommands: agent.proofCommands,
    proofStrength: askedStrength(agent),
  };
}

/** Raised when a level asks for more than before: finished work is then measured again. */
export const strengthFormat = 1;

/** What is asked of the proof; mutants count where they are made. */
function askedStrength({ proofStrength }: ResolvedAgent): Record<string, unknown> {
  const { level, required, mayChange, heldOut, reason, mutants } = proofStrength;
  return {
    heldOut,
    level,
    mayChange,
    ...(level === 'strict' ? { mutants } : {}),
    reason,
    required,
    strengthFormat,
  };
}

/** The Nx input of an agent target: all of both keys that is known before anything runs. */
export function inferenceDigest(agent: ResolvedAgent, wave: ResolvedWave, ledger: AgentLedgerView): string {
  const known = inferred.get(agent);
  if (known?.wave === wave && known.ledger === ledger) return known.digest;
  const work = workSlice(agent, wave);
  const digest = digestOf({ acceptance: acceptanceSlice(agent), keyFormat, ledger, work });
  inferred.set(agent, { wave, ledger, digest });
  return digest;
}

/** The agent's own target and the gate of its stage ask for the same digest of the same objects. */
const inferred = new WeakMap<
  ResolvedAgent,
  { wave: ResolvedWave; ledger: AgentLedgerView; digest: string }
>();

export interface WorkKeyInput {
  agent: ResolvedAgent;
  wave: ResolvedWave;
  ledger: AgentLedgerView;
  /** [path, sha256 of the content or "absent"], sorted by path. */
  context: [path: string, content: string][];
  /** [unit id, result digest] of the agents in `dependsOn`, sorted. */
  handoffs: [unitId: string, resultDigest: string][];
  /** Digest of the previous stage's verdict, or null in the first stage. */
  upstream: string | null;
}

/** sha256 over everything that the agent sees. The base tree is deliberately not in it (see docs/architecture.md). */
export function workKey(input: WorkKeyInput): string {
  return digestOf({
    keyFormat,
    work: workSlice(input.agent, input.wave),
    ledger: input.ledger,
    context: input.context,
    handoffs: input.handoffs,
    upstream: input.upstream,
  });
}

/** sha256 over everything that judges the slice after the work is done. */
export function acceptanceKey(agent: ResolvedAgent): string {
  return digestOf({ keyFormat, acceptance: acceptanceSlice(agent) });
}
