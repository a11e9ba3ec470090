import {
  describeCommandLineProblem,
  splitCommandLine,
} from '../../packages/wave-plugin/src/core/command-line';

/** Stands in a word for what only the reader knows: `<id>`, `…`, `$name`, `~`. */
export const open = '\uFFFC';

export type ShellLine = { ok: true; commands: string[][] } | { ok: false; problem: string };

/**
 * The commands of one line as a shell would find them, by words: parts of a pipe or a list, and what stands in `$(…)`. Nothing is
 * evaluated; where a redirection goes is no word. Built on how the runner splits proof commands, which stops at what needs a shell.
 */
export function shellCommands(line: string): ShellLine {
  const inner: string[][] = [];
  let problem: string | null = null;
  const flat = line.replace(/\$\(([^()]*)\)/g, (_, command: string) => {
    const found = shellCommands(command);
    if (found.ok) inner.push(...found.commands);
    else problem = found.problem;
    return open;
  });
  if (problem !== null) return { ok: false, problem };
  const outer = commandsOf(
    flat.replace(/<[a-z][^<>|]*>|\.\.\.|…|\$\{?\w+\}?/gi, open).replace(/(^|\s)~(?=\/|\s|$)/g, `$1${open}`),
  );
  return outer.ok ? { ok: true, commands: [...inner, ...outer.commands] } : outer;
}

function commandsOf(text: string): ShellLine {
  const commands: string[][] = [];
  for (let rest = text; rest.trim() !== '';) {
    const split = splitCommandLine(rest);
    if (split.ok) return { ok: true, commands: [...commands, split.words] };
    if (split.problem !== 'operator') return { ok: false, problem: describeCommandLineProblem(split) };
    const before = splitCommandLine(rest.slice(0, split.column - 1));
    if (before.ok) commands.push(before.words);
    if (split.found === '#') break;
    rest = rest.slice(split.column);
    if ('<>'.includes(split.found)) rest = rest.replace(/^>?\s*\S+/, '');
  }
  return { ok: true, commands };
}
