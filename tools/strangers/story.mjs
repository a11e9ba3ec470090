import { readmeCommands } from './readme-commands.mjs';

/** What a step came to, when it was not what a person was promised. */
export class StepFailed extends Error {}

/**
 * Runs steps in turn in the workspace of a stranger and notes how long each took. A step is a command and what its output has
 * to say and may not say; `code` is 0 where absent, any other means "not 0".
 */
export function createStory(stranger) {
  const steps = [];
  const judge = (name, run, { code = 0, says = [], saysNot = [] }) => {
    const missing = says.filter((pattern) => !pattern.test(run.output));
    const unwanted = saysNot.filter((pattern) => pattern.test(run.output));
    steps.push({ name, ms: run.ms });
    if ((code === 0) !== (run.code === 0) || missing.length + unwanted.length > 0)
      throw new StepFailed(
        [
          `${name}: ${run.command}`,
          `exit code ${run.code}, expected ${code === 0 ? '0' : 'another'}`,
          `not said: ${missing.join(', ') || 'nothing'}; said against its promise: ${unwanted.join(', ') || 'nothing'}`,
          run.output,
        ].join('\n'),
      );
    if (stranger.terminal && command(run).endsWith(':launch') && !run.tui)
      throw new StepFailed(`${name}: the TUI of Nx was not on.`);
    return run.output;
  };
  const step = async (name, line, expected = {}) => judge(name, await stranger.run(line), expected);
  return { step, judge, steps };
}

const command = ({ command: line }) => line.trim();

/** The commands of the README, word for word; `instead` replaces one of them. Answers the milliseconds of all of them. */
export async function firstFiveMinutes({ step, steps }, { instead = {}, wave = 1 } = {}) {
  const from = steps.length;
  for (const written of readmeCommands()) {
    const line = (instead[written] ?? written).replaceAll('wave-1', `wave-${wave}`);
    const says = line.endsWith(':launch') ? [/^outcome: closed$/m] : [];
    await step(nameOf(written), line, { says });
  }
  return steps.slice(from).reduce((sum, { ms }) => sum + ms, 0);
}

/** What a column of the table is called: `plan`, `launch`, `nx add`. */
function nameOf(written) {
  const [, target] = /:([a-z]+)$/.exec(written) ?? [];
  if (target !== undefined) return target;
  return written.startsWith('npx nx add') ? 'nx add' : 'generate';
}
