import type { Closure } from '@nx-wave/schemas';
import type { ListDifference, ListedFile } from './digest-list';

/** What the list of a closing has to name, by what its record says. Paths as in the list. */
export interface ClosingFiles {
  closure: string;
  patch: string;
}

/** Why a list does not stand for a closing: it may be the genuine list of another one. In words; empty where it does. */
export function whatListLacks(
  named: readonly ListedFile[],
  { closure, patch }: ClosingFiles,
  record: Pick<Closure, 'agents' | 'patchSha256'>,
): string[] {
  const digests = new Map(named.map(({ path, sha256 }) => [path, sha256]));
  const manifests = new Set(
    named.filter(({ path }) => path.endsWith('/manifest.json')).map(({ sha256 }) => sha256),
  );
  return [
    ...(digests.has(closure) ? [] : [`it does not name ${closure}`]),
    ...(digests.get(patch) === (record.patchSha256 ?? digests.get(patch))
      ? []
      : [`it names another ${patch}`]),
    ...record.agents
      .filter(({ proofDigest }) => proofDigest !== null && !manifests.has(proofDigest))
      .map(({ agentId }) => `it does not name the proof of ${agentId}`),
  ];
}

/** What differs, in words: one for each file, the first ten of each kind. */
export function describeDifference({ missing, altered, unnamed }: ListDifference): string[] {
  const say = (paths: string[], what: string) => [
    ...paths.slice(0, 10).map((path) => `${path} ${what}`),
    ...(paths.length > 10 ? [`${paths.length - 10} more files like it`] : []),
  ];
  return [
    ...say(altered, 'is not what was signed'),
    ...say(missing, 'is not there'),
    ...say(unnamed, 'was not there when it was signed'),
  ];
}
