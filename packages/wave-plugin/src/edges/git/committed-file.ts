import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import type { Repository } from './contracts';
import { readFilesAt } from './read-file-at';
import { runGit, userGitEnv, type HostEnv } from './run-git';

/** A file as a commit has it. */
export interface CommittedFile {
  /** Full id of the commit. */
  commit: string;
  /** Null where the commit has no regular file there. */
  text: string | null;
}

/**
 * A file of the workspace as a commit has it, whatever index and working tree say; replaced objects do not count. `revision` is
 * anything that names a commit. Codes: option-invalid (no such commit), git-failed.
 */
export async function readCommittedFile(
  repo: Repository,
  env: HostEnv,
  { revision, path }: { revision: string; path: string },
): Promise<Result<CommittedFile>> {
  const at = { cwd: repo.topLevel, env: { ...userGitEnv(env), GIT_NO_REPLACE_OBJECTS: '1' } };
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const named = await runGit(asked, { ...at, answers: [0, 1, 128] });
  if (!named.ok) return named;
  // What git makes of `--end-of-options` is printed by it.
  const commit = named.value.stdout.toString('utf8').trim().split('\n').at(-1) ?? '';
  if (named.value.code !== 0 || !/^[0-9a-f]{40,64}$/.test(commit)) {
    const next = 'Name a commit that this repository has; a shallow clone may have to fetch it first.';
    return err(failure('option-invalid', `${JSON.stringify(revision)} names no commit here.`, { next }));
  }
  const read = await readFilesAt(at, commit, [repo.prefix + path]);
  if (!read.ok) return read;
  return ok({ commit, text: read.value.get(repo.prefix + path)?.toString('utf8') ?? null });
}
