import { join } from 'node:path';
import { type Repository } from './contracts';
import { quoteAlternate } from './paths';
import { type HostEnv, userGitEnv } from './run-git';

/** Settings that keep git, working on the user's repository, from running a hook or writing beside our own files. */
export const harmless = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.splitIndex', 'false'],
  ['core.untrackedCache', 'keep'],
  ['core.safecrlf', 'false'],
  ['index.sparse', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
  ['add.ignoreErrors', 'false'],
  ['gc.auto', '0'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** The object directories of the user's repository. */
export function userObjects(repo: Repository): string {
  return join(repo.commonDir, 'objects');
}

/** Reads the user's repository and configuration, writes to the index and the object directory of the snapshot. */
export function snapshotEnv(
  host: HostEnv,
  repo: Repository,
  { objectDir, indexFile }: { objectDir: string; indexFile: string },
): Record<string, string> {
  return {
    ...userGitEnv(host),
    GIT_LITERAL_PATHSPECS: '1',
    GIT_INDEX_FILE: indexFile,
    GIT_OBJECT_DIRECTORY: objectDir,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(userObjects(repo)),
  };
}
