import { posix } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import type { IgnoreLine, WaveGround } from '../../core/validate/ground';
import type { Repository } from './contracts';
import { splitNul } from './names';
import { toWorkspacePath } from './paths';
import { type GitPlace, type HostEnv, runGit, userGitEnv } from './run-git';
import { harmless } from './snapshot';

/** What git says of workspace-relative paths, a folder with a trailing `/`; read only. Codes: those of `runGit`. */
export async function readWaveGround(
  repo: Repository,
  env: HostEnv,
  paths: readonly string[],
): Promise<Result<WaveGround>> {
  if (paths.length === 0) return ok({ ignored: new Map() });
  const at = { cwd: repo.topLevel, env: userGitEnv(env) };
  const ignored = await readIgnored(at, repo, paths);
  return ignored.ok ? ok({ ignored: ignored.value }) : ignored;
}

/**
 * Files that git tracks are not told, nor is what a pattern lets through. Only `.gitignore` files count: those of the
 * person alone (`info/exclude`, `core.excludesFile`) are in no checkout.
 */
async function readIgnored(
  at: GitPlace,
  { prefix }: Repository,
  paths: readonly string[],
): Promise<Result<Map<string, IgnoreLine>>> {
  const asked = await runGit([...harmless, 'check-ignore', '--verbose', '-z', '--stdin'], {
    ...at,
    input: paths.map((path) => `${prefix}${path}\0`).join(''),
    answers: [0, 1],
  });
  if (!asked.ok) return asked;
  const records = splitNul(asked.value.stdout);
  const ignored = new Map<string, IgnoreLine>();
  for (let i = 0; i + 3 < records.length; i += 4) {
    const [file = '', line = '', pattern = '', path = ''] = records.slice(i, i + 4);
    if (posix.basename(file) !== '.gitignore' || posix.isAbsolute(file) || pattern.startsWith('!')) continue;
    ignored.set(toWorkspacePath(prefix, path), {
      file: toWorkspacePath(prefix, file),
      line: Number(line),
      pattern,
    });
  }
  return ok(ignored);
}
