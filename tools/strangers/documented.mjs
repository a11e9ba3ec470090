import documented from './documented.cjs';
import { StepFailed } from './story.mjs';

/** Every command that the pages for users name, in the order of their story; what a command is told to say, it has to say. */
export async function documentedCommands({ step, judge }, stranger) {
  for (const [part, steps] of Object.entries(documented.story))
    for (const one of steps) await play(one, { step, judge, stranger, part });
}

async function play(
  { run, own, start, until, write, text, code = 0, says = [] },
  { step, judge, stranger, part },
) {
  if (write !== undefined) return stranger.write(write, text);
  if (start === undefined) return step(nameOf(run ?? own), run ?? own, { code, says });
  const started = stranger.start(start);
  if (!(await started.said(until))) throw new StepFailed(`${part}: ${start}\nended before it said ${until}.`);
  started.interrupt();
  // How a program is told to end by Ctrl-C is its own affair; that it ends is not.
  const ended = await started.ended;
  judge(nameOf(start), { ...ended, code: 0 }, { says: [until] });
}

/** What a step is called in the table: the command without what all of them have. */
function nameOf(line) {
  return line
    .replace(/^npx (nx run |nx )?/, '')
    .replace('@nx-wave/plugin:', '')
    .slice(0, 40);
}
