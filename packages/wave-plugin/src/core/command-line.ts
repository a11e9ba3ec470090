/** A command line without a shell: the words, or what stands in the way. Columns are 1-based. */
export type CommandLine =
  | { ok: true; words: string[] }
  | {
      ok: false;
      problem: 'empty' | 'operator' | 'expansion' | 'unclosed-quote';
      found: string;
      column: number;
    };

const operators = new Set(['|', '&', ';', '<', '>', '(', ')', '\n']);
const expansions = new Set(['$', '`', '*', '?', '~']);
const blanks = new Set([' ', '\t']);

/**
 * Splits a command line by POSIX quoting rules. Whatever only a shell could do (pipes, redirections, variables,
 * wildcards) is refused where it stands unquoted: run without a shell it would silently mean something else.
 * Written here because the libraries for it drop an unclosed quote and cut a word at `#`.
 */
export function splitCommandLine(text: string): CommandLine {
  const words: string[] = [];
  let word: string | null = null;
  let index = 0;
  const refuse = (
    problem: 'operator' | 'expansion' | 'unclosed-quote',
    found: string,
    at = index,
  ): CommandLine => ({ ok: false, problem, found, column: at + 1 });

  while (index < text.length) {
    const char = text.charAt(index);
    if (char === "'") {
      const end = text.indexOf("'", index + 1);
      if (end < 0) return refuse('unclosed-quote', char);
      word = (word ?? '') + text.slice(index + 1, end);
      index = end;
    } else if (char === '"') {
      const quoted = readDoubleQuoted(text, index);
      if (!quoted.ok) return refuse(quoted.problem, quoted.found, quoted.at);
      word = (word ?? '') + quoted.value;
      index = quoted.end;
    } else if (char === '\\') {
      if (index + 1 >= text.length) return refuse('unclosed-quote', char);
      word = (word ?? '') + text.charAt(index + 1);
      index += 1;
    } else if (blanks.has(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (operators.has(char)) {
      return refuse('operator', char === '\n' ? 'line break' : char);
    } else if (expansions.has(char) && (char !== '~' || word === null)) {
      return refuse('expansion', char);
    } else if (char === '#' && word === null) {
      return refuse('operator', char);
    } else {
      word = (word ?? '') + char;
    }
    index += 1;
  }
  if (word !== null) words.push(word);
  return words.length === 0 ? { ok: false, problem: 'empty', found: '', column: 1 } : { ok: true, words };
}

type Quoted =
  | { ok: true; value: string; end: number }
  | { ok: false; problem: 'expansion' | 'unclosed-quote'; found: string; at: number };

/** Between double quotes a backslash protects only `$`, a back-quote, `"`, itself and a line break. */
function readDoubleQuoted(text: string, start: number): Quoted {
  let value = '';
  for (let index = start + 1; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '"') return { ok: true, value, end: index };
    if (char === '$' || char === '`') return { ok: false, problem: 'expansion', found: char, at: index };
    if (char === '\\' && '$`"\\\n'.includes(text.charAt(index + 1)) && index + 1 < text.length) {
      index += 1;
      if (text.charAt(index) !== '\n') value += text.charAt(index);
    } else value += char;
  }
  return { ok: false, problem: 'unclosed-quote', found: '"', at: start };
}

/** One sentence on why a text is no plain command line; for messages of several failure codes. */
export function describeCommandLineProblem(line: CommandLine & { ok: false }): string {
  switch (line.problem) {
    case 'empty':
      return 'it is empty';
    case 'operator':
      return `\`${line.found}\` at column ${line.column} needs a shell`;
    case 'expansion':
      return `\`${line.found}\` at column ${line.column} would be expanded by a shell only`;
    case 'unclosed-quote':
      return `\`${line.found}\` at column ${line.column} is never closed`;
  }
}
