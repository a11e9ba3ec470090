import { mkdir } from '../files/at-once';
import { join, posix } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Repository } from './contracts';
import { configuredFilters, filterAdvice, readFilters, refuseUnknown } from './filters';
import { parseIndexListing } from './index-listing';
import { type LandRequest } from './land-contracts';
import { indexInfo } from './merge-slices';
import { splitNul } from './names';
import { unpackImages } from './pack';
import { quoteAlternate, toWorkspacePath } from './paths';
import { makePrivateGitDir, readBorrowed, writeBorrowed } from './private-git-dir';
import { type GitPlace, type HostEnv, runGit, userGitEnv } from './run-git';
import { harmless, userObjects } from './snapshot-git';

/** Changes whose images are what git stores, and where they are. */
export interface CleanedChanges {
  changes: FileChange[];
  /** Holds every image. */
  objectDir: string;
}

/** What a slice says about attributes is not asked: an agent has no say in what a filter is run on. */
const isCleaned = ({ path, after }: FileChange) =>
  after !== null && after.mode !== '120000' && posix.basename(path) !== '.gitattributes';

/**
 * Makes each new content what `git add` of the same bytes would store: line endings, encodings, filters. Attributes are
 * those of `headTree` and of the person; filters are run by the person's own configuration, and have to succeed.
 * Codes: filter-missing, bundle-invalid, git-failed, disk-full.
 */
export async function cleanImages(
  host: HostEnv,
  repo: Repository,
  { request, headTree, into }: { request: LandRequest; headTree: string; into: string },
): Promise<Result<CleanedChanges>> {
  const { changes, packFile } = request;
  const objectDir = join(into, 'objects');
  const given = request.objectDir ?? userObjects(repo);
  const read = [...new Set([given, ...(await readBorrowed(given)), userObjects(repo)])];
  const made = await makePrivateGitDir(host, join(into, 'git'), { write: objectDir, read, anyOid: headTree });
  await writeBorrowed(objectDir, read);
  const plain: GitPlace = { cwd: into, env: { ...made.env, GIT_INDEX_FILE: join(into, 'plain.index') } };
  const unpacked = packFile === null ? ok(null) : await unpackImages(plain, packFile);
  if (!unpacked.ok) return broken(unpacked.error);
  const files = changes.filter(isCleaned);
  if (files.length === 0) return ok({ changes: [...changes], objectDir });

  const work = join(into, 'work');
  const written = await writeBytes(plain, { files, work, prefix: repo.prefix, headTree });
  if (!written.ok) return written;
  const env = {
    ...userGitEnv(host),
    GIT_LITERAL_PATHSPECS: '1',
    GIT_DIR: repo.gitDir,
    GIT_WORK_TREE: work,
    GIT_INDEX_FILE: join(into, 'user.index'),
    GIT_OBJECT_DIRECTORY: objectDir,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: read.map(quoteAlternate).join(':'),
  };
  const stored = await addBytes({ cwd: work, env }, { headTree, paths: written.value });
  if (!stored.ok) return stored;
  const cleaned = changes.map((change) => {
    const oid = isCleaned(change) ? stored.value.get(posix.join(repo.prefix, change.path)) : undefined;
    return oid === undefined || change.after === null
      ? change
      : { ...change, after: { ...change.after, oid } };
  });
  const same = ({ before, after }: FileChange) => before?.oid === after?.oid && before?.mode === after?.mode;
  return ok({ changes: cleaned.filter((change) => !same(change)), objectDir });
}

function broken({ code, message }: { code: string; message: string }): Result<never> {
  const kept = code === 'disk-full' || code === 'state-unwritable' ? code : 'bundle-invalid';
  return err(failure(kept, `The slices cannot be unpacked: ${message}`));
}

/** Writes the bytes of the files below `work` as they are. Gives their top-relative paths. */
async function writeBytes(
  at: GitPlace,
  { files, work, prefix, headTree }: { files: FileChange[]; work: string; prefix: string; headTree: string },
): Promise<Result<string[]>> {
  await mkdir(work, { recursive: true, mode: 0o700 });
  const info = indexInfo(files, 'after', { prefix, zero: '0'.repeat(headTree.length) });
  if (!info.ok) return info;
  const listed = await runGit(['update-index', '--add', '--replace', '-z', '--index-info'], {
    ...at,
    input: info.value,
  });
  if (!listed.ok) return listed;
  const written = await runGit(['checkout-index', '--all', `--prefix=${work}/`], at);
  return written.ok ? ok(files.map(({ path }) => posix.join(prefix, path))) : broken(written.error);
}

/** Adds the files to an index of HEAD as the person's git would. Gives the id that each path has then. */
async function addBytes(
  at: GitPlace,
  { headTree, paths }: { headTree: string; paths: string[] },
): Promise<Result<Map<string, string>>> {
  const settings = [...harmless, '-c', 'core.fileMode=true', '-c', 'core.sparseCheckout=false'];
  const git = (args: string[], env = at.env, input = '') =>
    runGit([...settings, ...args], { cwd: at.cwd, env, input });
  const read = await git(['read-tree', headTree]);
  if (!read.ok) return read;
  const filters = await readFilters(at, paths, { cached: true });
  if (!filters.ok) return filters;
  const configured = await configuredFilters(at);
  if (!configured.ok) return configured;
  const known = refuseUnknown(filters.value, configured.value);
  if (!known.ok) return known;
  // A filter that fails and is not `required` would leave the bytes as they are without a word.
  const names = [...new Set(filters.value.values())];
  const required = Object.fromEntries(
    names.flatMap((name, i) => [
      [`GIT_CONFIG_KEY_${i}`, `filter.${name}.required`],
      [`GIT_CONFIG_VALUE_${i}`, 'true'],
    ]),
  );
  const env = { ...at.env, ...required, GIT_CONFIG_COUNT: String(names.length) };
  const nul = paths.map((path) => `${path}\0`).join('');
  const added = await git(['update-index', '--add', '--replace', '-z', '--stdin'], env, nul);
  if (!added.ok)
    return added.error.code === 'git-failed' ? filterFailed(filters.value, added.error.message) : added;
  const listed = await git(['ls-files', '-v', '-z', '--stage']);
  if (!listed.ok) return listed;
  return ok(
    new Map(parseIndexListing(splitNul(listed.value.stdout)).entries.map(({ path, oid }) => [path, oid])),
  );
}

function filterFailed(filters: ReadonlyMap<string, string>, said: string): Result<never> {
  const [first] = filters;
  if (first === undefined) return err(failure('git-failed', said));
  const [path, name] = first;
  return err(
    failure('filter-missing', `The filter "${name}" of ${path} did not do its work: ${said}`, {
      place: { path: toWorkspacePath('', path) },
      next: `${filterAdvice(name)}; then land again`,
      facts: { paths: [...filters.keys()] },
    }),
  );
}
