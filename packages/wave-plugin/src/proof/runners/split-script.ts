import { splitCommandLine } from '../../core/command-line';

const blank = /^[ \t\n]*$/;

/**
 * The plain commands of a line for a shell, in order, whatever stands between them (`&&`, `;`, `|`); what is redirected is
 * left out. Wildcards and variables stay as they are written. Null where more than that would be needed to say what runs.
 */
export function splitScript(text: string): string[][] | null {
  const commands: string[][] = [];
  let rest = text.replaceAll(/\d?>&\d/g, ' ');
  let redirected = false;
  while (!blank.test(rest)) {
    const line = splitCommandLine(rest);
    const end = line.ok ? rest.length : line.column - 1;
    if (!line.ok && line.problem === 'expansion') {
      if (line.found === '`' || rest.startsWith('$(', end)) return null;
      rest = `${rest.slice(0, end)}\\${rest.slice(end)}`;
      // The protected character is plain from now on.
      continue;
    }
    if (!line.ok && (line.problem === 'unclosed-quote' || ['#', '(', ')'].includes(line.found))) return null;
    const words = line.ok ? line.words : wordsOf(rest.slice(0, end));
    const own = redirected ? words.slice(1) : words;
    if (redirected) commands.at(-1)?.push(...own);
    else if (own.length > 0) commands.push(own);
    redirected = !line.ok && ['<', '>'].includes(line.found);
    rest = rest.slice(end + 1).replace(/^[|&;<>]+/, '');
  }
  return commands;
}

function wordsOf(text: string): string[] {
  const line = splitCommandLine(text);
  return line.ok ? line.words : [];
}
