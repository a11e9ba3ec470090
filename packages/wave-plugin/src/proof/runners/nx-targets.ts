import type { NxTarget } from '../contracts';
import { hasOption } from './test-names';

const valued = [
  '-p',
  '--projects',
  '-t',
  '--targets',
  '--target',
  '-c',
  '--configuration',
  '--parallel',
  '--exclude',
];

/** The targets that a command line of Nx names, or null where it is none. Empty where which ones run depends on more than its words. */
export function nxTargetsOf(words: readonly string[]): { project: string; target: string }[] | null {
  const [program, command, ...rest] = words;
  if (program === undefined || !/(?:^|\/)nx$/.test(program) || command === undefined) return null;
  if (command === 'run') {
    const [project, target] = (rest.find((word) => !word.startsWith('-')) ?? '').split(':');
    return project && target ? [{ project, target }] : [];
  }
  if (command === 'run-many') {
    if (hasOption(rest, '--exclude')) return [];
    const targets = listOf(rest, ['-t', '--target', '--targets']);
    return listOf(rest, ['-p', '--projects'])
      .filter((project) => !/[*!:]/.test(project))
      .flatMap((project) => targets.map((target) => ({ project, target })));
  }
  if (
    command.startsWith('-') ||
    ['affected', 'graph', 'show', 'reset', 'exec', 'format', 'g', 'generate'].includes(command)
  )
    return [];
  const project = rest.find((word, at) => !word.startsWith('-') && !valued.includes(rest[at - 1] ?? ''));
  return project === undefined ? [] : [{ project, target: command }];
}

/** Values of a list option: `-p a,b`, `--projects=a,b`, `-t a b`. */
function listOf(words: readonly string[], options: readonly string[]): string[] {
  const values: string[] = [];
  let open = false;
  for (const word of words) {
    const option = options.find((one) => word.startsWith(`${one}=`));
    if (option !== undefined) values.push(...word.slice(option.length + 1).split(','));
    else if (word.startsWith('-')) open = options.includes(word);
    else if (open) values.push(...word.split(','));
  }
  return values.filter((value) => value !== '');
}

const vitestExecutors = ['@nx/vitest:test', '@nx/vite:test', '@nrwl/vite:test'];

/** Words of a runner that an executor runs in its own process, or null where it is no such executor. */
export function runsItself({ executor, options }: NxTarget): string[] | null {
  if (executor === '@nx/jest:jest' || executor === '@nrwl/jest:jest') {
    const config = options['jestConfig'];
    return ['jest', ...(typeof config === 'string' ? ['--config', config] : [])];
  }
  if (vitestExecutors.includes(executor ?? '')) return ['vitest', 'run'];
  return null;
}
