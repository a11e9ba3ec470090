import { join, posix } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { ownershipOf } from '../../core/parse/paths';
import type { IgnoreLine, Unreached, WaveGround } from '../../core/validate/ground';
import type { MissingContent } from '../../core/validate/lfs-content';
import type { Repository } from './contracts';
import { configuredFilters, filterAdvice, readFilters } from './filters';
import { findContent, listLfsFiles, lfsStore, namesLfs, pointerAt } from './lfs-files';
import { isUtf8Name, showName, splitNul } from './names';
import { toWorkspacePath } from './paths';
import { type GitPlace, type HostEnv, runGit, userGitEnv } from './run-git';
import { harmless } from './snapshot-git';

const nothingSaid: WaveGround = {
  ignored: new Map(),
  uncommitted: [],
  undecodable: [],
  unfiltered: [],
  withoutContent: [],
  unreached: [],
};

/** What git says of workspace-relative paths, a folder with a trailing `/`; read only. Codes: those of `runGit`. */
export async function readWaveGround(
  repo: Repository,
  env: HostEnv,
  paths: readonly string[],
): Promise<Result<WaveGround>> {
  if (paths.length === 0) return ok(nothingSaid);
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
  const top = splitNul(listed.value.stdout);
  const tracked = ours(top);
  const files = [...tracked, ...paths.filter((path) => !path.endsWith('/'))];
  const unfiltered = await readUnfiltered(at, repo, [...new Set(files)].sort());
  if (!unfiltered.ok) return unfiltered;
  const withoutContent = await readWithoutContent(at, repo, top);
  if (!withoutContent.ok) return withoutContent;
  return ok({
    ...ignored.value,
    withoutContent: withoutContent.value,
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

/** Files that stand in the working tree as Git LFS pointers and whose content is nowhere; no git where nothing names LFS. */
async function readWithoutContent(
  at: GitPlace,
  repo: Repository,
  tracked: readonly string[],
): Promise<Result<MissingContent[]>> {
  const attributes = tracked.filter((path) => posix.basename(path) === '.gitattributes' && isUtf8Name(path));
  const files = [
    join(repo.commonDir, 'info', 'attributes'),
    ...attributes.map((path) => join(repo.topLevel, path)),
  ];
  if (!(await Promise.all(files.map(namesLfs))).includes(true)) return ok([]);
  const [listed, storage] = await Promise.all([
    listLfsFiles(at),
    runGit(['config', '--get', 'lfs.storage'], { ...at, answers: [0, 1] }),
  ]);
  if (!listed.ok) return listed;
  if (!storage.ok) return storage;
  const store = lfsStore(repo, storage.value.stdout.toString().trim());
  const source = { store, topLevel: repo.topLevel, checked: new Map<string, string>() };
  const missing: MissingContent[] = [];
  for (const { path } of listed.value) {
    const pointer = await pointerAt(repo.topLevel, path);
    if (pointer !== null && (await findContent(source, path, pointer)) === null)
      missing.push({ path: toWorkspacePath(repo.prefix, path), topPath: path });
  }
  return ok(missing);
}

/**
 * Files that git tracks are not told, nor is what a pattern lets through. Only `.gitignore` files count: those of the
 * person alone (`info/exclude`, `core.excludesFile`) are in no checkout.
 */
export async function readIgnored(
  repo: Repository,
  env: HostEnv,
  paths: readonly string[],
): Promise<Result<Pick<WaveGround, 'ignored' | 'unreached'>>> {
  const { prefix } = repo;
  const unreached: Unreached[] = [];
  const asked = await askIgnored({ cwd: repo.topLevel, env: userGitEnv(env) }, prefix, { paths, unreached });
  if (!asked.ok) return asked;
  const records = asked.value;
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
  return ok({ ignored, unreached });
}

/**
 * Records of `git check-ignore --verbose`. It gives up at a path beyond a link or in a submodule, without a word on those
 * behind it: halves are asked until such a path stands alone. One git process where there is none.
 */
async function askIgnored(
  at: GitPlace,
  prefix: string,
  { paths, unreached }: { paths: readonly string[]; unreached: Unreached[] },
): Promise<Result<string[]>> {
  const asked = await runGit([...harmless, 'check-ignore', '--verbose', '-z', '--stdin'], {
    ...at,
    input: paths.map((path) => `${prefix}${path}\0`).join(''),
    answers: [0, 1],
  });
  if (asked.ok) return ok(splitNul(asked.value.stdout));
  const why = /beyond a symbolic link/.test(asked.error.message)
    ? 'link'
    : /is in submodule/i.test(asked.error.message)
      ? 'submodule'
      : null;
  if (why === null) return asked;
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) {
    unreached.push({ path: only, why });
    return ok([]);
  }
  const records: string[] = [];
  const half = Math.ceil(paths.length / 2);
  for (const part of [paths.slice(0, half), paths.slice(half)]) {
    const found = await askIgnored(at, prefix, { paths: part, unreached });
    if (!found.ok) return found;
    records.push(...found.value);
  }
  return ok(records);
}
