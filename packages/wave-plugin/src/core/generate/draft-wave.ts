import {
  type AgentSpec,
  type DeployEnvironment,
  type Promotion,
  type WaveDefinition,
} from '@nx-wave/schemas';

/** What somebody decides about an agent of a new wave; the rest of its block is left out. */
export interface AgentChoices {
  agentId: string;
  title: string;
  executorId: string;
  /** Command line of the program that works in place of a model; null where there is none. */
  command: string | null;
  owns: readonly string[];
  deliverables?: readonly string[];
  proofCommands?: readonly string[];
  capabilities?: readonly string[];
  dependsOn?: readonly string[];
  rolePrompts?: readonly string[];
  components?: readonly string[];
  /** What to do, as prose. */
  task: string;
}

export interface WaveChoices {
  wave: number;
  path: string;
  title: string;
  commitMessage: string;
  dependsOn: readonly string[];
  promotions?: readonly Promotion[];
  deployEnvironments?: readonly DeployEnvironment[];
  agents: readonly AgentSpec[];
}

/** The definition of a new wave, for the printer of wave files. */
export function draftWave(choices: WaveChoices): WaveDefinition {
  const {
    wave,
    path,
    title,
    commitMessage,
    dependsOn,
    promotions = [],
    deployEnvironments = [],
    agents,
  } = choices;
  return {
    schemaVersion: 1,
    wave,
    path,
    title,
    commitMessage,
    dependsOn: [...dependsOn],
    promotions: [...promotions],
    context7: null,
    evalTargets: [],
    deployEnvironments: [...deployEnvironments],
    agents: [...agents],
  };
}

export function draftAgent(choices: AgentChoices): AgentSpec {
  const { agentId, title, executorId, command, owns, task } = choices;
  return {
    agentId,
    title,
    line: 1,
    rolePrompts: [...(choices.rolePrompts ?? [])],
    executor: {
      id: executorId,
      profile: null,
      model: null,
      fallbacks: [],
      tags: [],
      retryPolicy: null,
      allowFallbackOnRetry: null,
      budget: {},
      options: command === null ? {} : { local: { command } },
    },
    context7: null,
    components: [...(choices.components ?? [])],
    capabilities: [...(choices.capabilities ?? [])],
    skills: [],
    exitContract: null,
    deliverables: [...(choices.deliverables ?? [])],
    proofArtifacts: [],
    proofCommands: [...(choices.proofCommands ?? [])],
    dependsOn: [...(choices.dependsOn ?? [])],
    prompt: [task.trim(), '', 'File ownership (only touch these paths):', ...owns.map(bullet)].join('\n'),
    ownedPaths: [...owns],
    requiredContext: [],
  };
}

const bullet = (text: string) => `- ${text}`;
