import type { Invocation } from '../contracts';
import { inFolder } from './paths';

/** A call of scripts of one package. */
export interface ScriptCall {
  names: readonly string[];
  /** Words for the script that is called. */
  args: readonly string[];
  /** Workspace-relative folder of the package, or of the workspace that it belongs to. */
  folder: string;
  /** Name or folder of a package of that workspace, where the call says one. */
  member?: string;
  /** Whether a name that is no script is a program: `yarn jest`. */
  orProgram: boolean;
}

/** Commands of the package managers that are no scripts: a script of the name would need `run`. */
const reserved = new Set(
  (
    'add audit bin cache ci config create dedupe dlx exec explain help import info init install link list login ' +
    'logout outdated owner pack patch prune publish rebuild remove set store unlink up update upgrade version why ' +
    'workspace workspaces node npm run'
  ).split(' '),
);

/**
 * The scripts that a command of npm, pnpm, yarn or npm-run-all calls, or null where it is none. A call in several packages
 * at once is none either: which ones they are cannot be said here.
 */
export function scriptCallOf({ words, cwd }: Invocation): ScriptCall | null {
  const [program = '', ...rest] = words;
  if (['run-s', 'run-p', 'npm-run-all', 'npm-run-all2'].includes(program)) {
    const names = rest.filter((word) => !word.startsWith('-'));
    return { names, args: [], folder: cwd, orProgram: false };
  }
  if (!['npm', 'pnpm', 'yarn'].includes(program)) return null;
  const place = placeOf(rest, cwd);
  const [command, ...more] = place?.words ?? [];
  if (place === null || command === undefined) return null;
  const { folder, member } = place;
  const where = { folder, ...(member === undefined ? {} : { member }) };
  if (['run', 'run-script', 'rum', 'urn'].includes(command)) {
    const at = more.findIndex((word) => !word.startsWith('-'));
    const name = more[at];
    if (name === undefined) return null;
    return {
      names: [name],
      args: handedOn(program, more.slice(at + 1)),
      ...where,
      orProgram: program !== 'npm',
    };
  }
  if (['test', 't', 'tst'].includes(command) && (program !== 'yarn' || command === 'test'))
    return { names: ['test'], args: handedOn(program, more), ...where, orProgram: false };
  if (program === 'npm' || reserved.has(command)) return null;
  return { names: [command], args: handedOn(program, more), ...where, orProgram: true };
}

/** npm keeps options before `--` for itself; the others hand on what stands behind the name. */
function handedOn(program: string, args: readonly string[]): string[] {
  const at = args.indexOf('--');
  if (program !== 'npm') return args.filter((word, index) => index !== at);
  const own = args.slice(0, at < 0 ? args.length : at).filter((word) => !word.startsWith('-'));
  return [...own, ...(at < 0 ? [] : args.slice(at + 1))];
}

const folderOptions = ['--prefix', '-C', '--dir', '--cwd'];
const memberOptions = ['-w', '--workspace', '--filter', '-F'];
const several = ['--workspaces', '-ws', '-r', '--recursive'];

/** Where options in front of `--` let the command run; null where that is in several packages, or outside. */
function placeOf(
  words: readonly string[],
  cwd: string,
): { folder: string; member?: string; words: string[] } | null {
  const at = words.indexOf('--');
  const own = words.slice(0, at < 0 ? words.length : at);
  if (own.some((word) => several.includes(word))) return null;
  let folder = cwd;
  const members: string[] = [];
  const left: string[] = [];
  for (let index = 0; index < own.length; index += 1) {
    const word = own[index] ?? '';
    const option = [...folderOptions, ...memberOptions].find(
      (one) => word === one || word.startsWith(`${one}=`),
    );
    if (option === undefined) {
      if (left.length > 0 || !word.startsWith('-')) left.push(word);
      continue;
    }
    const value = word === option ? own[(index += 1)] : word.slice(option.length + 1);
    if (value === undefined || value.startsWith('/')) return null;
    if (memberOptions.includes(option)) members.push(value);
    else folder = inFolder(folder, value);
  }
  if (left[0] === 'workspace') members.push(...left.splice(0, 2).slice(1));
  const [member] = members;
  if (members.length > 1 || (member !== undefined && /[*!^{}[\]]|\.\.\./.test(member))) return null;
  const behind = at < 0 ? [] : words.slice(at);
  return { folder, ...(member === undefined ? {} : { member }), words: [...left, ...behind] };
}
