import { ok, type Result } from '@nx-wave/schemas/plain';
import { covers } from '../../core/parse/paths';
import type { HeldOutGrounds } from '../../core/validate/held-out-ground';
import type { Repository } from './contracts';
import { splitNul } from './names';
import { toWorkspacePath } from './paths';
import { type HostEnv, runGit, userGitEnv } from './run-git';
import { harmless } from './snapshot-git';

/**
 * What a merged tree would hold of paths that are held out, a folder with a trailing `/`; read only, no git where there is none.
 * Only `.gitignore` files count: those of the person alone are in no checkout. Codes: those of `runGit`.
 */
export async function readHeldOutGround(
  { topLevel, prefix }: Repository,
  env: HostEnv,
  paths: readonly string[],
): Promise<Result<HeldOutGrounds>> {
  if (paths.length === 0) return ok(new Map());
  const at = { cwd: topLevel, env: userGitEnv(env) };
  const wanted = paths.map((path) => `:(top,literal)${prefix}${path.replace(/\/$/, '')}`);
  const list = async (...words: string[]): Promise<Result<string[]>> => {
    const listed = await runGit([...harmless, 'ls-files', '-z', ...words, '--', ...wanted], at);
    if (!listed.ok) return listed;
    return ok(splitNul(listed.value.stdout).map((path) => toWorkspacePath(prefix, path)));
  };
  const [there, gone, hidden] = await Promise.all([
    list('--cached', '--others', '--exclude-per-directory=.gitignore'),
    list('--deleted'),
    list('--others', '--ignored', '--exclude-per-directory=.gitignore'),
  ]);
  if (!there.ok) return there;
  if (!gone.ok) return gone;
  if (!hidden.ok) return hidden;
  const removed = new Set(gone.value);
  const seen = there.value.filter((path) => !removed.has(path));
  return ok(
    new Map(
      paths.map((path) => {
        const isOf = (file: string) => file === path || covers(path, file);
        return [path, { seen: seen.some(isOf), ignored: hidden.value.filter(isOf).sort() }];
      }),
    ),
  );
}
