import { CanonicalPart, digestOf, stages, type Stage } from '@nx-wave/schemas/plain';
import { inferenceDigest } from '../digest/keys';
import type { ResolvedAgent, ResolvedWave } from '../model';
import type { LedgerFacts } from './inferred-project';

/** Raised when gates judge the same evidence otherwise: no verdict of an older rule is served from a cache. */
const gateFormat = 4;

/** What a gate judges by besides files: the promises of the wave, whoever is asked and answers, and the rules themselves. */
export function gateDigest(wave: ResolvedWave, stage: Stage, ledger: LedgerFacts): string {
  const until = stages.indexOf(stage);
  return digestOf({
    agents: wave.agents.map((agent) => {
      if (agent.stage === stage) return ownPart(agent, wave, ledger);
      const { later, earlier } = partsOf(agent);
      return stages.indexOf(agent.stage) > until ? later : earlier;
    }),
    dependsOn: wave.dependsOn,
    evalTargets: wave.evalTargets,
    gateFormat,
    promotions: wave.promotions,
    settings: judgedSettings(wave),
    stage,
    wave: wave.identity.project,
  });
}

/** An agent of the stage itself: all that is judged of it. */
function ownPart(agent: ResolvedAgent, wave: ResolvedWave, ledger: LedgerFacts): object {
  const { ownedPaths } = agent;
  const spec = inferenceDigest(agent, wave, ledger.agent(agent.unitId));
  return { ownedPaths, parts: partsOf(agent).digest, ...provedBy(agent), spec };
}

/** What the gates of other stages know of an agent; every gate asks. */
interface AgentParts {
  /** sha256 over who is who in the wave, for requests, shared components and the stage that something is due in. */
  digest: string;
  /** To a gate before the agent's own stage, and to one after it, which proves its slice once more. */
  later: CanonicalPart;
  earlier: CanonicalPart;
}

function partsOf(agent: ResolvedAgent): AgentParts {
  const known = keptParts.get(agent);
  if (known !== undefined) return known;
  const { agentId, capabilities, components, envelopeRole, implementationOwning, role, stage, unitId } =
    agent;
  const digest = digestOf({
    agentId,
    capabilities,
    components,
    envelopeRole,
    implementationOwning,
    role,
    stage,
    unitId,
  });
  const later = new CanonicalPart({ parts: digest });
  const parts = { digest, later, earlier: new CanonicalPart({ parts: digest, ...provedBy(agent) }) };
  keptParts.set(agent, parts);
  return parts;
}

const keptParts = new WeakMap<ResolvedAgent, AgentParts>();

function judgedSettings({ settings }: ResolvedWave): CanonicalPart {
  const known = keptSettings.get(settings);
  if (known !== undefined) return known;
  const part = new CanonicalPart({
    advisoryGates: settings.advisoryGates,
    benchmarkCatalogPath: settings.benchmarkCatalogPath,
    matrixPath: settings.matrixPath,
    preferredAgents: settings.preferredAgents,
    proof: settings.proof,
    proofMinutes: settings.limits.proofMinutes,
    testCommand: settings.testCommand,
    workspace: settings.workspace,
  });
  keptSettings.set(settings, part);
  return part;
}

const keptSettings = new WeakMap<ResolvedWave['settings'], CanonicalPart>();

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
