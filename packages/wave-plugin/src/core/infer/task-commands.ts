import type { InferredTarget } from './inferred-project';

/** What starts a task, and where it says more of itself. */
export interface TaskStart extends Pick<InferredTarget, 'executor' | 'options'> {
  help: NonNullable<InferredTarget['metadata']['help']>;
}

/** A task of ours that a command can run, and what it is about. */
export type CommandTask = { kind: 'agent' | 'gate'; about: string } | { kind: 'prove' };

/** The executor of Nx that starts a command itself, without a process of Nx around it. */
export const nxCommands = 'nx:run-commands';

/** A variable of a task that runs as a command: the wave file, relative to the workspace. */
export const waveFileVariable = 'NX_WAVE_FILE';

/** Node finds the package as Nx does, from the top of the workspace; `exec` leaves no shell between Nx and the task. */
const program = `exec node -e "require('@nx-wave/plugin/task')" `;

/** A word: Node would take `--help` for itself. */
const help = { command: `${program.slice('exec '.length)}help`, example: { options: {} } };

/** Neither a shell nor Nx finds anything to replace in it. */
const plainWord = /^[A-Za-z0-9][A-Za-z0-9-]*$/;

/**
 * Pure: how a task of the wave in `path` starts as a command; null where it cannot be told in plain words, and stays with its executor.
 * Nx starts a process for each task of an executor and loads itself there, which takes longer than everything that a gate does,
 * and stays in memory as long as an agent works; a command is started as it is.
 */
export function startOfCommand(task: CommandTask, path: string): TaskStart | null {
  const isPlain = task.kind === 'prove' || plainWord.test(task.about);
  if (!isPlain) return null;
  const words = task.kind === 'prove' ? task.kind : `${task.kind} ${task.about}`;
  return {
    executor: nxCommands,
    options: { command: program + words, env: { [waveFileVariable]: path } },
    help,
  };
}
