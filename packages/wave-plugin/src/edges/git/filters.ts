import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { splitNul } from './names';
import { type GitPlace, runGit } from './run-git';

/**
 * The filter that git's attributes give to each of the paths (top-relative); a path without one is left out. `cached`
 * reads the attributes from the index of the call alone.
 */
export async function readFilters(
  at: GitPlace,
  paths: readonly string[],
  { cached }: { cached: boolean },
): Promise<Result<Map<string, string>>> {
  if (paths.length === 0) return ok(new Map());
  const args = ['check-attr', ...(cached ? ['--cached'] : []), '-z', '--stdin', 'filter'];
  const asked = await runGit(args, { ...at, input: paths.map((path) => `${path}\0`).join('') });
  if (!asked.ok) return asked;
  const records = splitNul(asked.value.stdout);
  const filters = new Map<string, string>();
  for (let i = 0; i + 2 < records.length; i += 3) {
    const [path = '', , value = ''] = records.slice(i, i + 3);
    if (!['unspecified', 'unset', 'set'].includes(value)) filters.set(path, value);
  }
  return ok(filters);
}

/** Names of the filters that the person's own configuration gives a program to. */
export async function configuredFilters(at: GitPlace): Promise<Result<Set<string>>> {
  const asked = await runGit(['config', '-z', '--get-regexp', '^filter\\..*\\.(clean|smudge|process)$'], {
    ...at,
    answers: [0, 1],
  });
  if (!asked.ok) return asked;
  const names = splitNul(asked.value.stdout).flatMap((record) => {
    const [key = '', ...value] = record.split('\n');
    return value.join('\n') === '' ? [] : [key.slice('filter.'.length, key.lastIndexOf('.'))];
  });
  return ok(new Set(names));
}

/** What makes a filter known to git. */
export function filterAdvice(name: string): string {
  return name === 'lfs'
    ? 'install git-lfs and run: git lfs install'
    : `set it up: git config filter.${name}.clean "<command>" and git config filter.${name}.smudge "<command>"`;
}

/** Refuses where git would store the bytes of a path as they are because a filter is unknown. Codes: filter-missing. */
export function refuseUnknown(
  filters: ReadonlyMap<string, string>,
  configured: ReadonlySet<string>,
): Result<void> {
  const unknown = [...filters].filter(([, name]) => !configured.has(name));
  const [first] = unknown;
  if (first === undefined) return ok(undefined);
  const paths = unknown.map(([path]) => path);
  const message = `.gitattributes gives ${paths.slice(0, 10).join(', ')} the filter "${first[1]}", which git does not know here.`;
  const next = `${filterAdvice(first[1])}; then land again`;
  return err(failure('filter-missing', message, { place: { path: first[0] }, next, facts: { paths } }));
}
