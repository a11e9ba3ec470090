import { stages, type Stage } from '@nx-wave/schemas/plain';
import { inferenceDigest } from '../digest/keys';
import { amendedPaths } from '../state/ledger-view';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { stageRules } from '../stages';
import { readVariable } from '../variables';
import { presentStages } from '../wave-order';
import { contextFileset } from './fileset';
import { gateDigest, proveDigest } from './gate-digest';
import type { LedgerFacts } from './inferred-project';

/**
 * What a wave's targets are made of besides its name and its place: digests in place of everything that they stand for, so that it is
 * small enough to be kept from one graph to the next.
 */
export interface WaveOutline {
  title: string | null;
  landed: boolean;
  /** Whether closing asks for a signature. */
  signed: boolean;
  /** Nx project names of waves whose closure this one builds on. */
  dependsOn: string[];
  /** Names of the variables that proof commands take from the person. */
  variables: string[];
  /** sha256 over what `prove` runs. */
  proved: string;
  /** Those that have agents, in the order in which they run. */
  stages: StageOutline[];
}

export interface StageOutline {
  stage: Stage;
  /** sha256 over what its gate judges by besides files. */
  judged: string;
  /** Filesets of the sources that its gate looks at; empty where it looks at all of them. */
  ground: string[];
  agents: AgentOutline[];
}

export interface AgentOutline {
  unitId: string;
  /** The Nx target: `agent-a1`. */
  target: string;
  /** What people read of it: its role and its title. */
  description: string;
  /** Id of its executor. */
  executor: string;
  /** sha256 over what is known of its keys before anything runs. */
  digest: string;
  /** Filesets of the sources that it is given. */
  context: string[];
  /** Unit ids of the same stage. */
  dependsOn: string[];
}

/** Pure: the outline of a wave, as its ledger stands. */
export function outlineOf(wave: ResolvedWave, ledger: LedgerFacts): WaveOutline {
  const { settings } = wave;
  const asked = settings.proof.env.map(readVariable).filter((one) => one !== null);
  const names = asked.flatMap(({ name, value }) => (value === null ? [name] : []));
  return {
    title: wave.title,
    landed: ledger.landed,
    signed: settings.trust === 'signed',
    dependsOn: wave.dependsOn,
    variables: [...new Set(names)].sort(),
    proved: proveDigest(wave),
    stages: presentStages(wave).map((stage) => {
      const own = wave.agents.filter((agent) => agent.stage === stage);
      return {
        stage,
        judged: gateDigest(wave, stage, ledger),
        ground: looksAtEverything(stage) ? [] : groundOf(wave, own, ledger),
        agents: own.map((agent) => agentOutline(agent, wave, ledger)),
      };
    }),
  };
}

/** Whether the gate of a stage judges the whole merged tree. */
export function looksAtEverything(stage: Stage): boolean {
  const { provesMergedTree, looksAtMergedTree } = stageRules[stage];
  return (provesMergedTree ?? false) || (looksAtMergedTree ?? false);
}

/** Whether a text is the name of a stage. */
export function isStage(value: unknown): value is Stage {
  return (stages as readonly unknown[]).includes(value);
}

/**
 * A merge of own slices can meet nothing but the paths that their agents own; those of earlier stages were judged by the verdict
 * before.
 */
function groundOf(wave: ResolvedWave, own: readonly ResolvedAgent[], ledger: LedgerFacts): string[] {
  const { matrixPath, benchmarkCatalogPath } = wave.settings;
  const paths = [
    ...own.flatMap((agent) => [...agent.ownedPaths, ...amendedPaths(ledger.agent(agent.unitId))]),
    ...own.flatMap(({ contextPaths }) => contextPaths),
    ...(wave.promotions.length > 0 ? [matrixPath] : []),
    ...(wave.evalTargets.length > 0 ? [benchmarkCatalogPath] : []),
  ];
  return [...new Set(paths)].sort().map(contextFileset);
}

function agentOutline(agent: ResolvedAgent, wave: ResolvedWave, ledger: LedgerFacts): AgentOutline {
  return {
    unitId: agent.unitId,
    target: agent.target,
    description: `Agent ${agent.unitId} (${agent.role}): ${agent.title}`,
    executor: agent.executor.id,
    digest: inferenceDigest(agent, wave, ledger.agent(agent.unitId)),
    context: agent.contextPaths.map(contextFileset),
    dependsOn: agent.dependsOn,
  };
}
