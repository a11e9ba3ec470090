import type { Invocation } from '../contracts';

/** Programs that start another one with the words behind their own options. */
const wrappers: Readonly<Record<string, { valued: readonly string[] }>> = {
  env: { valued: ['-u', '--unset', '-C', '--chdir'] },
  'cross-env': { valued: [] },
  c8: { valued: ['-r', '--reporter', '-o', '--reports-dir', '-x', '--exclude', '-n', '--include'] },
  nyc: { valued: ['-r', '--reporter', '-x', '--exclude', '-n', '--include', '--report-dir', '--temp-dir'] },
  dotenv: { valued: ['-e', '-p', '-v'] },
  'env-cmd': { valued: ['-f', '--file', '-e', '--environments', '-r', '--rc-file'] },
  time: { valued: [] },
  nice: { valued: ['-n'] },
  'xvfb-run': { valued: [] },
  npx: { valued: ['-p', '--package', '-w', '--workspace'] },
  bunx: { valued: ['-p', '--package'] },
};
/** `npm exec jest`, `pnpm exec jest`, `yarn exec jest`. */
const executing: Readonly<Record<string, readonly string[]>> = {
  npm: ['exec', 'x'],
  pnpm: ['exec'],
  yarn: ['exec'],
};
const shells = ['sh', 'bash', 'dash', 'zsh'];
const assignment = /^([A-Za-z_]\w*)=(.*)$/s;

/** The last part of a path. */
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * An invocation without assignments and wrappers in front, or the text that a shell is given. Null where nothing is left,
 * or where a wrapper itself is told to run a line that it composes.
 */
export function seeThrough(
  start: Invocation,
): Invocation | (Omit<Invocation, 'words'> & { script: string }) | null {
  let words = [...start.words];
  const env = { ...start.env };
  for (;;) {
    const [first, ...rest] = words;
    if (first === undefined) return null;
    const [, name, value] = assignment.exec(first) ?? [];
    if (name !== undefined) {
      env[name] = value ?? '';
      words = rest;
      continue;
    }
    const program = baseName(first);
    if (shells.includes(program)) {
      const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
      const script = at < 0 ? undefined : rest[at + 1];
      if (script !== undefined) return { script, env, cwd: start.cwd };
    }
    const wrapper = wrappers[program] ?? executedBy(program, rest[0]);
    if (wrapper === null) return { words, env, cwd: start.cwd };
    const behind = wrapper === executed ? rest.slice(1) : rest;
    if (behind.some((word) => ['-c', '--call', '--shell', '-s', '-S'].includes(word)) && program !== 'c8')
      return null;
    words = withoutOptions(behind, wrapper.valued);
  }
}

const executed = { valued: ['-p', '--package', '-w', '--workspace', '--filter', '-F', '-C', '--dir'] };
const executedBy = (program: string, command: string | undefined) =>
  command !== undefined && (executing[program] ?? []).includes(command) ? executed : null;

function withoutOptions(words: readonly string[], valued: readonly string[]): string[] {
  let at = 0;
  while (at < words.length && (words[at] ?? '').startsWith('-')) {
    const word = words[at] ?? '';
    at += valued.includes(word) ? 2 : 1;
    if (word === '--') break;
  }
  return words.slice(at);
}

/** Scripts of packages that node may be given in place of the program's name. */
const mainScripts: readonly [RegExp, string][] = [
  [/(?:^|\/)jest(?:-cli)?\/bin\/jest(?:\.js)?$/, 'jest'],
  [/(?:^|\/)vitest\/vitest\.mjs$/, 'vitest'],
  [/(?:^|\/)mocha\/bin\/_?mocha(?:\.js)?$/, 'mocha'],
  [/(?:^|\/)node_modules\/\.bin\/([\w-]+)$/, '$1'],
];
/** Options of node whose value is the next word. */
const valuedByNode = [
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
];

/** The program by its plain name; `node node_modules/.bin/jest` is `jest`. */
export function plainProgram(invocation: Invocation): Invocation {
  const [first = '', ...rest] = invocation.words;
  const program = baseName(first).replace(/^_mocha$/, 'mocha');
  if (program === 'node' || program === 'tsx') {
    const own = withoutOptions(rest, valuedByNode);
    const [script, ...args] = own;
    for (const [pattern, name] of mainScripts) {
      const match = script === undefined ? null : pattern.exec(script);
      if (match !== null) return { ...invocation, words: [name.replace('$1', match[1] ?? ''), ...args] };
    }
  }
  return { ...invocation, words: [program, ...rest] };
}
