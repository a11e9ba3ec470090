import { digestOf, stages, type Stage } from '@nx-wave/schemas/plain';
import { inferenceDigest } from '../digest/keys';
import type { ResolvedAgent, ResolvedWave } from '../model';
import type { LedgerFacts } from './inferred-project';

/** Raised when gates judge the same evidence otherwise: no verdict of an older rule is served from a cache. */
const gateFormat = 4;

/** What a gate judges by besides files: the promises of the wave, whoever is asked and answers, and the rules themselves. */
export function gateDigest(wave: ResolvedWave, stage: Stage, ledger: LedgerFacts): string {
  const { settings } = wave;
  const until = stages.indexOf(stage);
  return digestOf({
    agents: wave.agents.map((agent) => ({
      ...(agent.stage === stage ? { ownedPaths: agent.ownedPaths } : {}),
      parts: judgedParts(agent),
      ...(stages.indexOf(agent.stage) > until ? {} : provedBy(agent)),
      ...(agent.stage === stage ? { spec: inferenceDigest(agent, wave, ledger.agent(agent.unitId)) } : {}),
    })),
    dependsOn: wave.dependsOn,
    evalTargets: wave.evalTargets,
    gateFormat,
    promotions: wave.promotions,
    settings: {
      advisoryGates: settings.advisoryGates,
      benchmarkCatalogPath: settings.benchmarkCatalogPath,
      matrixPath: settings.matrixPath,
      preferredAgents: settings.preferredAgents,
      proof: settings.proof,
      proofMinutes: settings.limits.proofMinutes,
      testCommand: settings.testCommand,
      workspace: settings.workspace,
    },
    stage,
    wave: wave.identity.project,
  });
}

/** Who is who in the wave, for requests, shared components and the stage that something is due in; every gate asks. */
function judgedParts(agent: ResolvedAgent): string {
  const known = keptParts.get(agent);
  if (known !== undefined) return known;
  const { agentId, capabilities, components, envelopeRole, implementationOwning, role, stage, unitId } =
    agent;
  const parts = digestOf({
    agentId,
    capabilities,
    components,
    envelopeRole,
    implementationOwning,
    role,
    stage,
    unitId,
  });
  keptParts.set(agent, parts);
  return parts;
}

const keptParts = new WeakMap<ResolvedAgent, string>();

/** What `prove` runs besides files: the commands of every agent, and the rules themselves. */
export function proveDigest(wave: ResolvedWave): string {
  const commands = wave.agents.map((agent) => ({ unitId: agent.unitId, ...provedBy(agent) }));
  return digestOf({ gateFormat, commands });
}

/** What the merged tree is proved by. */
function provedBy({ proofCommands, mayWrite, proofStrength: { heldOut } }: ResolvedAgent) {
  return {
    ...(heldOut.length === 0 ? {} : { heldOut }),
    ...(mayWrite === undefined ? {} : { mayWrite }),
    proofCommands,
  };
}
