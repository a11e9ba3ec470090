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
    gateFormat,
    wave: wave.identity.project,
    stage,
    dependsOn: wave.dependsOn,
    agents: wave.agents.map((agent) => ({
      parts: judgedParts(agent),
      ...(stages.indexOf(agent.stage) > until ? {} : provedBy(agent)),
      ...(agent.stage === stage
        ? { spec: inferenceDigest(agent, wave, ledger.agent(agent.unitId)), ownedPaths: agent.ownedPaths }
        : {}),
    })),
    promotions: wave.promotions,
    evalTargets: wave.evalTargets,
    settings: {
      advisoryGates: settings.advisoryGates,
      preferredAgents: settings.preferredAgents,
      matrixPath: settings.matrixPath,
      benchmarkCatalogPath: settings.benchmarkCatalogPath,
      testCommand: settings.testCommand,
      proofMinutes: settings.limits.proofMinutes,
      workspace: settings.workspace,
      proof: settings.proof,
    },
  });
}

/** Who is who in the wave, for requests, shared components and the stage that something is due in; every gate asks. */
function judgedParts(agent: ResolvedAgent): string {
  const known = keptParts.get(agent);
  if (known !== undefined) return known;
  const { unitId, agentId, stage, role, envelopeRole, implementationOwning, components, capabilities } =
    agent;
  const parts = digestOf({
    unitId,
    agentId,
    stage,
    role,
    envelopeRole,
    implementationOwning,
    components,
    capabilities,
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
    proofCommands,
    ...(mayWrite === undefined ? {} : { mayWrite }),
    ...(heldOut.length === 0 ? {} : { heldOut }),
  };
}
