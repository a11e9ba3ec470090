/** A command as a page has it. */
export interface DocumentedCommand {
  page: string;
  /** 1-based. */
  line: number;
  /** On one line, without the comment behind it. */
  text: string;
  /** Whether it stands in a block of commands, or between backticks in a sentence. */
  from: 'block' | 'sentence';
}

/** A fenced block of a page; `language` is empty where the fence names none. */
export interface Fence {
  language: string;
  /** 1-based, of the line that opens it. */
  line: number;
  lines: string[];
}

export const shellLanguages = ['sh', 'bash', 'shell', 'console'];

/** The fenced blocks of a page, and its text with their lines empty. A fence inside of a longer fence is text. */
export function readFences(page: string): { fences: Fence[]; prose: string } {
  const fences: Fence[] = [];
  let open: { mark: string; fence: Fence } | null = null;
  const prose = page.split('\n').map((line, index) => {
    const [, mark = '', language = ''] = /^ *(`{3,})(.*)$/.exec(line) ?? [];
    if (open === null) {
      if (mark === '') return line;
      open = { mark, fence: { language: language.trim(), line: index + 1, lines: [] } };
    } else if (mark.length >= open.mark.length && language.trim() === '') {
      fences.push(open.fence);
      open = null;
    } else open.fence.lines.push(line);
    return '';
  });
  return { fences, prose: prose.join('\n') };
}

/** Lines that only a shell runs as a whole: functions, loops, a line that goes on. Somebody has to run such a block. */
function isProgram({ lines }: Fence): boolean {
  return lines.some((line) => /^set -|^(while|for|if) |\(\) \{|\\$/.test(line));
}

/** The block of a page that begins a program: it and the blocks of commands behind it are one, and are run as one. */
export function programOf(fences: readonly Fence[]): Fence | undefined {
  return fences.find((fence) => shellLanguages.includes(fence.language) && isProgram(fence));
}

/**
 * Every command that a page tells people to run: the lines of its blocks of commands up to its program, where it has one, and in its
 * sentences what begins with one of `programs` and has more than that word.
 */
export function documentedCommands(
  page: string,
  text: string,
  programs: ReadonlySet<string>,
): DocumentedCommand[] {
  const { fences, prose } = readFences(text.replace(/\r/g, ''));
  const end = programOf(fences)?.line ?? Infinity;
  const blocks = fences
    .filter(({ language, line }) => shellLanguages.includes(language) && line < end)
    .flatMap(({ line, lines }) =>
      lines.map((of, index) => ({ line: line + 1 + index, text: of.replace(/(^|\s)#.*$/, '').trim() })),
    )
    .filter((command) => command.text !== '')
    .map((command): DocumentedCommand => ({ page, from: 'block', ...command }));
  const sentences = [...prose.matchAll(/(?<!`)`([^`]+)`(?!`)/g)]
    .map((match): DocumentedCommand => {
      const line = prose.slice(0, match.index).split('\n').length;
      return { page, from: 'sentence', line, text: (match[1] ?? '').replace(/\s+/g, ' ').trim() };
    })
    .filter((command) => {
      const [first = '', ...more] = command.text.replace(/^(\w+=\S* )+/, '').split(' ');
      return more.length > 0 && programs.has(first);
    });
  return [...blocks, ...sentences];
}
