import { waveText, type RigAgent } from '../../packages/wave-plugin/src/testing/rig-wave';

/** What an agent of a history does: a JSON file of the workspace, which is part of what the agent is told to read. */
export interface Program {
  writes: string[];
  content: string;
  /** Whether its work passes its proof commands. */
  fine: boolean;
  /** It asks a person before it does anything. */
  asks: boolean;
  /** A steward says that more work is needed. */
  holds: boolean;
  reads: string[];
  /** Where starts and ends are noted, for real programs. */
  log: string;
}

/** The wave of a history as data. It stands in the workspace as `history/spec.json`, so that branches, stashes and clones carry it. */
export interface WaveSpec {
  title: string;
  prose: string;
  budgetMinutes: number;
  /** Whether the agents declare a command for a second agent program, too. */
  others: boolean;
  agents: AgentSpec[];
}

/** One agent of it. */
export interface AgentSpec {
  id: string;
  prompt: string;
  model: string;
  dependsOn: string[];
  reads: string[];
  roleFiles: string[];
  owns: string[];
  /** Which form of the proof commands; all of them judge the same. */
  proof: number;
}

export const specFile = 'history/spec.json';
export const waveFile = 'docs/plans/waves/wave-1.md';
export const ledgerFolder = 'docs/plans/waves/wave-1.ledger';
export const agentFile = 'agents/agent.cjs';
export const programFile = (id: string) => `agents/${id}.json`;
export const planFile = 'docs/plan.md';
export const notesFile = 'docs/notes.md';
export const roleFile = 'docs/agents/small-integration-role.md';

/** The stages that a history's wave can have, in order, with who belongs to them. */
export const stages: readonly { name: string; holds(id: string): boolean }[] = [
  { name: 'implementation', holds: (id) => !['A8', 'A0'].includes(id) },
  { name: 'integration', holds: (id) => id === 'A8' },
  { name: 'cont-qa', holds: (id) => id === 'A0' },
];

export const agentOf = (id: string, more: Partial<AgentSpec> = {}): AgentSpec => ({
  id,
  prompt: `Do the work of ${id}.`,
  model: 'small',
  dependsOn: [],
  reads: [],
  roleFiles: [],
  owns: [`src/${id}.txt`],
  proof: 0,
  ...more,
});

/** Two agents side by side, the second of which writes what the first one reads, and two stewards. */
export const firstSpec: WaveSpec = {
  title: 'A wave of a history',
  prose: '',
  budgetMinutes: 30,
  others: true,
  agents: [
    agentOf('A1', { reads: [planFile] }),
    agentOf('A2', { reads: [notesFile], owns: ['src/A2.txt', planFile] }),
    agentOf('A8', { roleFiles: [roleFile] }),
    agentOf('A0', { owns: ['docs/reviews/wave-1-cont-qa.md'] }),
  ],
};

export const programOf = ({ owns, reads }: AgentSpec, log: string): Program => ({
  writes: owns,
  content: 'one',
  fine: true,
  asks: false,
  holds: false,
  reads,
  log,
});

/** The wave file. */
export function renderWave({ title, prose, budgetMinutes, agents, others }: WaveSpec): string {
  return waveText(
    1,
    agents.map((agent) => rigAgent(agent, { budgetMinutes, others })),
    prose,
  ).replace('A test wave', title);
}

function rigAgent(
  agent: AgentSpec,
  { budgetMinutes, others }: Pick<WaveSpec, 'budgetMinutes' | 'others'>,
): RigAgent {
  const { id, prompt, model, dependsOn, reads, roleFiles, owns, proof } = agent;
  return {
    id,
    prompt,
    dependsOn,
    reads,
    owns,
    command: `node ${agentFile} ${programFile(id)}`,
    executor: [
      `model: ${model}`,
      `budget.minutes: ${budgetMinutes}`,
      ...(others ? [`other.command: node ${agentFile} ${programFile(id)}`] : []),
    ],
    proofCommands: [
      `test ${['-f', '-s', '-e', '-r'][proof] ?? '-f'} ${owns[0] ?? ''}`,
      `grep -q fine ${owns[0] ?? ''}`,
    ],
    ...(roleFiles.length === 0
      ? {}
      : { sections: `### Role prompts\n\n${roleFiles.map((path) => `- ${path}`).join('\n')}\n` }),
  };
}
