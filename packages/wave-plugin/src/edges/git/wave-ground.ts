import { posix } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { ownershipOf } from '../../core/parse/paths';
import type { IgnoreLine, WaveGround } from '../../core/validate/ground';
import type { Repository } from './contracts';
import { configuredFilters, filterAdvice, readFilters } from './filters';
import { isUtf8Name, showName, splitNul } from './names';
import { toWorkspacePath } from './paths';
import { type GitPlace, type HostEnv, runGit, userGitEnv } from './run-git';
import { harmless } from './snapshot';

/** What git says of workspace-relative paths, a folder with a trailing `/`; read only. Codes: those of `runGit`. */
export async function readWaveGround(
  repo: Repository,
  env: HostEnv,
  paths: readonly string[],
): Promise<Result<WaveGround>> {
  if (paths.length === 0) return ok({ ignored: new Map(), uncommitted: [], undecodable: [], unfiltered: [] });
  const at = { cwd: repo.topLevel, env: userGitEnv(env) };
  const below = ownershipOf(paths);
  const ours = (top: readonly string[]) =>
    top.map((path) => toWorkspacePath(repo.prefix, path)).filter((path) => below.ownerOf(path) !== null);
  const [ignored, status, listed] = await Promise.all([
    readIgnored(repo, env, paths),
    runGit([...harmless, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all'], at),
    runGit([...harmless, 'ls-files', '-z'], at),
  ]);
  if (!ignored.ok) return ignored;
  if (!status.ok) return status;
  if (!listed.ok) return listed;
  // `XY path`: two letters and a blank.
  const changed = ours(splitNul(status.value.stdout).map((line) => line.slice(3)));
  const tracked = ours(splitNul(listed.value.stdout));
  const files = [...tracked, ...paths.filter((path) => !path.endsWith('/'))];
  const unfiltered = await readUnfiltered(at, repo, [...new Set(files)].sort());
  if (!unfiltered.ok) return unfiltered;
  return ok({
    ignored: ignored.value,
    uncommitted: changed.map(showName).sort(),
    undecodable: tracked
      .filter((path) => !isUtf8Name(path))
      .map(showName)
      .sort(),
    unfiltered: unfiltered.value,
  });
}

async function readUnfiltered(
  at: GitPlace,
  { prefix }: Repository,
  paths: readonly string[],
): Promise<Result<WaveGround['unfiltered']>> {
  const asked = paths.map((path) => `${prefix}${path}`);
  const filters = await readFilters(at, asked, { cached: false });
  if (!filters.ok) return filters;
  if (filters.value.size === 0) return ok([]);
  const known = await configuredFilters(at);
  if (!known.ok) return known;
  const unknown = [...filters.value].filter(([, filter]) => !known.value.has(filter));
  return ok(
    unknown.map(([path, filter]) => ({
      path: showName(toWorkspacePath(prefix, path)),
      filter,
      advice: filterAdvice(filter),
    })),
  );
}

/**
 * Files that git tracks are not told, nor is what a pattern lets through. Only `.gitignore` files count: those of the
 * person alone (`info/exclude`, `core.excludesFile`) are in no checkout.
 */
export async function readIgnored(
  repo: Repository,
  env: HostEnv,
  paths: readonly string[],
): Promise<Result<Map<string, IgnoreLine>>> {
  const { prefix } = repo;
  const asked = await runGit([...harmless, 'check-ignore', '--verbose', '-z', '--stdin'], {
    cwd: repo.topLevel,
    env: userGitEnv(env),
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
