import { join, posix } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { type Repository, type TreeSettings } from './contracts';
import { lstatReachable } from '../files/stat';
import { type IndexListing } from './index-listing';
import { splitNul } from './names';
import { type HostEnv, runGit, userGitEnv } from './run-git';

/** What the user's configuration says of their working tree: one git process. */
export async function readSettings(host: HostEnv, repo: Repository): Promise<Result<TreeSettings>> {
  const asked = await runGit(['config', '-z', '--get-regexp', '^(core\\.sparsecheckout|lfs\\.storage)$'], {
    cwd: repo.topLevel,
    env: userGitEnv(host),
    answers: [0, 1],
  });
  if (!asked.ok) return asked;
  // `key\nvalue`, or the key alone, which stands for `true`; of several the last one counts.
  const settings = new Map(
    splitNul(asked.value.stdout).map((record) => {
      const [key = '', ...value] = record.split('\n');
      return [key, value.length === 0 ? 'true' : value.join('\n')];
    }),
  );
  const sparse = /^(true|yes|on|[1-9]\d*)$/i.test(settings.get('core.sparsecheckout') ?? '');
  return ok({ sparse, lfsStorage: settings.get('lfs.storage') ?? null });
}

/**
 * The settings where anything in the working tree depends on them: sparse patterns, or files that attributes may give to Git
 * LFS. Without asking git where nothing does.
 */
export async function settingsFor(
  host: HostEnv,
  repo: Repository,
  { entries, untracked }: Pick<IndexListing, 'entries' | 'untracked'>,
): Promise<Result<TreeSettings>> {
  const paths = [...entries.map(({ path }) => path), ...untracked];
  const places = [
    join(repo.gitDir, 'info', 'sparse-checkout'),
    join(repo.commonDir, 'info', 'attributes'),
    join(repo.commonDir, 'lfs'),
  ];
  const matters =
    entries.some(({ skipWorktree }) => skipWorktree) ||
    paths.some((path) => posix.basename(path) === '.gitattributes') ||
    (await Promise.all(places.map(lstatReachable))).some((there) => there !== null);
  return matters ? readSettings(host, repo) : ok({ sparse: false, lfsStorage: null });
}
