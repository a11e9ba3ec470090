import type { InferredProject, InferredTarget } from './inferred-project';

/** The executor of Nx that starts a command itself, without a process of Nx around it. */
export const nxCommands = 'nx:run-commands';

/** Executors of ours whose tasks a command can run, and the option that says what each is about. */
const kinds: Readonly<Record<string, { kind: string; about: string | null }>> = {
  '@nx-wave/plugin:agent': { kind: 'agent', about: 'agent' },
  '@nx-wave/plugin:gate': { kind: 'gate', about: 'stage' },
  '@nx-wave/plugin:prove': { kind: 'prove', about: null },
};

/** A variable of a task that runs as a command: the wave file, relative to the workspace. */
export const waveFileVariable = 'NX_WAVE_FILE';

/** Node finds the package as Nx does, from the top of the workspace; `exec` leaves no shell between Nx and the task. */
const program = `exec node -e "require('@nx-wave/plugin/task')"`;

/** A word: Node would take `--help` for itself. */
const help = { command: `${program.slice('exec '.length)} help`, example: { options: {} } };

/** Neither a shell nor Nx finds anything to replace in it. */
const plainWord = /^[A-Za-z0-9][A-Za-z0-9-]*$/;

/**
 * Pure: the same project, whose agents, gates and proof run as commands. Nx starts a process for each task of an executor and
 * loads itself there, which takes longer than everything that a gate does, and stays in memory as long as an agent works; a command
 * is started as it is. A target that cannot be told in plain words stays with its executor.
 */
export function asCommands(project: InferredProject, path: string): InferredProject {
  const targets = { ...project.targets };
  const env = { [waveFileVariable]: path };
  // Asked of every wave in every graph.
  for (const name in targets) {
    const target = targets[name];
    const words = target && wordsOf(target);
    if (!target || !words) continue;
    const options = { command: `${program} ${words.join(' ')}`, env };
    targets[name] = { ...target, executor: nxCommands, options, metadata: { ...target.metadata, help } };
  }
  return { ...project, targets };
}

function wordsOf({ executor, options }: InferredTarget): string[] | null {
  const known = kinds[executor];
  if (known === undefined) return null;
  const words = known.about === null ? [known.kind] : [known.kind, options[known.about]];
  return words.every((word): word is string => typeof word === 'string' && plainWord.test(word))
    ? words
    : null;
}
