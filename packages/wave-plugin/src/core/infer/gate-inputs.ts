import { digestOf, stages, type Stage } from '@nx-wave/schemas/plain';
import { inferenceDigest } from '../digest/keys';
import { amendedPaths } from '../state/ledger-view';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { stageRules } from '../stages';
import { readVariable } from '../variables';
import { contextFileset, escapeGlob } from './fileset';
import type { LedgerFacts, TargetInput } from './inferred-project';
import { wavePaths } from './wave-paths';

/** Raised when gates judge the same evidence otherwise: no verdict of an older rule is served from a cache. */
export const gateFormat = 4;

/**
 * The Nx inputs of a gate: everything that its verdict is made from. What no file holds is in the digest. A merge of own
 * slices can meet nothing but the paths that their agents own; those of earlier stages were judged by the verdict before.
 */
export function gateInputs(
  wave: ResolvedWave,
  { stage, previous }: { stage: Stage; previous: Stage | null },
  ledger: LedgerFacts,
): TargetInput[] {
  const paths = wavePaths(wave.identity);
  const own = wave.agents.filter((agent) => agent.stage === stage);
  const { matrixPath, benchmarkCatalogPath } = wave.settings;
  const { provesMergedTree, looksAtMergedTree } = stageRules[stage];
  const ground =
    provesMergedTree || looksAtMergedTree
      ? ['{workspaceRoot}/**/*']
      : filesets([
          ...own.flatMap((agent) => [...agent.ownedPaths, ...amendedPaths(ledger.agent(agent.unitId))]),
          ...own.flatMap(({ contextPaths }) => contextPaths),
          ...(wave.promotions.length > 0 ? [matrixPath] : []),
          ...(wave.evalTargets.length > 0 ? [benchmarkCatalogPath] : []),
        ]);
  return [
    { runtime: `echo ${gateDigest(wave, stage, ledger)}` },
    ...own.map(({ unitId }) => outputOf(paths.handoff(unitId))),
    ...(previous === null ? [] : [outputOf(paths.verdict(previous))]),
    `{workspaceRoot}/${escapeGlob(wave.identity.ledgerDir)}/**/*`,
    ...dependencyPatches(wave),
    ...ground,
    ...(provesMergedTree ? proofVariables(wave) : []),
    { externalDependencies: [] },
  ];
}

/** Variables of the person that proof commands get: with another value they may say another thing. */
export function proofVariables({ settings }: ResolvedWave): TargetInput[] {
  const asked = settings.proof.env.map(readVariable).filter((one) => one !== null);
  const names = asked.flatMap(({ name, value }) => (value === null ? [name] : []));
  return [...new Set(names)].sort().map((env) => ({ env }));
}

/**
 * What the waves that this one builds on leave. Every gate and `prove` carry their slices on, and no verdict speaks of
 * them, so each of these tasks watches the patches itself.
 */
export function dependencyPatches(wave: ResolvedWave): TargetInput[] {
  return wave.dependsOn.map((project) => ({
    dependentTasksOutputFiles: `**/closure/${/wave-\d+$/.exec(project)?.[0] ?? project}.*`,
    transitive: true,
  }));
}

/** What a gate judges by besides files: the promises of the wave, whoever is asked and answers, and the rules themselves. */
function gateDigest(wave: ResolvedWave, stage: Stage, ledger: LedgerFacts): string {
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

function outputOf(path: string): TargetInput {
  return { dependentTasksOutputFiles: `**/${escapeGlob(path)}` };
}

function filesets(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort().map(contextFileset);
}

/** What the merged tree is proved by. */
export function provedBy({ proofCommands, mayWrite, proofStrength: { heldOut } }: ResolvedAgent) {
  return {
    proofCommands,
    ...(mayWrite === undefined ? {} : { mayWrite }),
    ...(heldOut.length === 0 ? {} : { heldOut }),
  };
}
