import { type WaveDefinition } from '@nx-wave/schemas';
import { type WaveIdentity } from '../model';
import { draftAgent, draftWave } from './draft-wave';

/** What is asked of the program that drafts a wave file. */
export interface DraftChoices {
  /** Number and place of the wave that is drafted. */
  wave: number;
  path: string;
  /** What the wave has to reach, in the words of a person. */
  goal: string;
  executorId: string;
  model: string | null;
  /** Command line of a local program; null for every other executor. */
  command: string | null;
  /** Caps of the program; money is null where it costs none. */
  budget: { usd: number | null; minutes: number };
  /** Where the program reads how wave files are written, and how it checks what it wrote; null where it cannot. */
  skillPath: string;
  checkCommand: string | null;
}

/** The one agent that drafts. */
export const draftingAgentId = 'D1';

/** A wave with one agent that writes the file of another: so a draft is caged, capped, recorded and paid once, as all work is. */
export function draftingWave(choices: DraftChoices): WaveDefinition {
  const { wave, path, executorId, model, command, budget, checkCommand } = choices;
  const agent = draftAgent({
    agentId: draftingAgentId,
    title: 'Draft of a wave',
    executorId,
    command,
    owns: [path],
    deliverables: [path],
    proofCommands: checkCommand === null ? [] : [checkCommand],
    task: taskOf(choices),
  });
  const { minutes, usd } = budget;
  return draftWave({
    wave,
    path,
    title: 'Draft',
    commitMessage: 'docs: a wave',
    dependsOn: [],
    agents: [
      {
        ...agent,
        executor: { ...agent.executor, model, budget: { minutes, ...(usd === null ? {} : { usd }) } },
        proofStrength: { level: 'exit', mayChange: [], heldOut: [], reason: 'a wave file is read, not run' },
      },
    ],
  });
}

/** Its own name and ledger: what the draft was, and cost, is not told as work of the wave that it became. */
export function draftIdentity(identity: WaveIdentity): WaveIdentity {
  return {
    ...identity,
    project: `${identity.project}-draft`,
    ledgerDir: identity.ledgerDir.replace(/\.ledger$/, '-draft.ledger'),
  };
}

function taskOf({ wave, path, goal, skillPath, checkCommand }: DraftChoices): string {
  return [
    `Plan a wave of coding agents that reaches the goal below, and write it as ${path} (wave ${wave}). Write nothing else, and do none of`,
    'the work that you plan.',
    '',
    `First read ${skillPath}: it says how wave files are written and how work is cut. Then look at the repository: how it is laid out,`,
    'how its tests run, which files the goal touches, and which waves there are already.',
    ...(checkCommand === null
      ? []
      : [`Check the file with \`${checkCommand}\` until that has nothing to say.`]),
    '',
    'The goal, in the words of a person:',
    '',
    ...goal
      .trim()
      .split(/\r?\n/)
      .map((line) => `> ${line}`),
  ].join('\n');
}
