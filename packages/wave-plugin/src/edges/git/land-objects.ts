import { writeFile } from '../files/at-once';
import { join } from 'node:path';
import { type FileChange } from '@nx-wave/schemas';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Repository } from './contracts';
import { cleanImages } from './clean-images';
import { readChanges } from './diff-trees';
import { type LandRequest } from './land-contracts';
import { indexInfo, mergeAll } from './merge-slices';
import { makePrivateGitDir, readBorrowed } from './private-git-dir';
import { type GitPlace, type HostEnv, runGit, userGitEnv } from './run-git';

/** The tree that a landing leads to, in objects of its own. */
export interface LandObjects {
  /** Top-relative differences between HEAD and the tree, extra files included. */
  changes: FileChange[];
  /** Workspace-relative differences without the extra files. */
  landed: FileChange[];
  tree: string;
  /** A git directory of ours on the objects; no working tree. */
  at: GitPlace;
  objectDir: string;
  borrowed: string[];
}

/** Merges the request onto the tree of `head` and adds the extra files. Codes: merge-conflict, bundle-invalid, filter-missing. */
export async function prepareObjects(
  host: HostEnv,
  repo: Repository,
  { request, headTree, into }: { request: LandRequest; headTree: string; into: string },
): Promise<Result<LandObjects>> {
  const cleaned = await cleanImages(host, repo, { request, headTree, into: join(into, 'clean') });
  if (!cleaned.ok) return cleaned;
  const { changes, objectDir: imageDir } = cleaned.value;
  const merged = await mergeAll(host, repo, {
    base: { tree: headTree, objectDir: imageDir },
    slices: [{ sliceId: 'landing', changes, packFile: null }],
    into,
  });
  if (!merged.ok) return merged;
  if (!merged.value.ok) {
    const { paths } = merged.value.conflict;
    return err(
      failure(
        'merge-conflict',
        `The wave and the current commit change the same lines of ${paths.join(', ')}.`,
        {
          place: { path: paths[0] ?? '' },
          next: 'launch the wave again: it proves the slices on what is checked out now and names the agents to retry',
          facts: { paths },
        },
      ),
    );
  }
  const { objectDir } = merged.value;
  const borrowed = await readBorrowed(objectDir);
  const made = await makePrivateGitDir(host, join(into, 'land.git'), {
    write: objectDir,
    read: borrowed,
    anyOid: headTree,
  });
  const at = { cwd: into, env: { ...made.env, GIT_INDEX_FILE: join(into, 'land.index') } };
  const landed = await readChanges(at, { from: headTree, to: merged.value.tree }, repo.prefix);
  if (!landed.ok) return landed;

  const files = request.extraFiles?.(landed.value) ?? [];
  const extra = await addExtraFiles(at, { tree: merged.value.tree, prefix: repo.prefix }, files);
  if (!extra.ok) return extra;
  const changed = await readChanges(at, { from: headTree, to: extra.value }, '');
  if (!changed.ok) return changed;
  return ok({
    changes: changed.value,
    landed: landed.value,
    tree: extra.value,
    at,
    objectDir,
    borrowed,
  });
}

async function addExtraFiles(
  at: GitPlace,
  { tree, prefix }: { tree: string; prefix: string },
  files: readonly { path: string; content: string }[],
): Promise<Result<string>> {
  if (files.length === 0) return ok(tree);
  const git = (args: string[], input?: string) =>
    runGit(args, { ...at, ...(input === undefined ? {} : { input }) });
  const read = await git(['read-tree', tree]);
  if (!read.ok) return read;
  const changes: FileChange[] = [];
  for (const { path, content } of files) {
    const hashed = await git(['hash-object', '-w', '--stdin'], content);
    if (!hashed.ok) return hashed;
    changes.push({
      path,
      before: null,
      after: { mode: '100644', oid: hashed.value.stdout.toString().trim() },
    });
  }
  const info = indexInfo(changes, 'after', { prefix, zero: '0'.repeat(tree.length) });
  if (!info.ok) return info;
  const updated = await git(['update-index', '--add', '--replace', '-z', '--index-info'], info.value);
  if (!updated.ok) return updated;
  const written = await git(['write-tree']);
  return written.ok ? ok(written.value.stdout.toString().trim()) : written;
}

/**
 * Makes the commit and puts it with all that it needs into the user's repository: unreachable until a ref names it.
 * The person is author and committer, by their own configuration.
 */
export async function commitObjects(
  host: HostEnv,
  repo: Repository,
  { objects, head, message }: { objects: LandObjects; head: string; message: string },
): Promise<Result<string>> {
  const messageFile = join(objects.at.cwd, 'message');
  await writeFile(messageFile, message.endsWith('\n') ? message : `${message}\n`);
  const user = {
    ...userGitEnv(host),
    GIT_OBJECT_DIRECTORY: objects.objectDir,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: objects.at.env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] ?? '',
  };
  const made = await runGit(['commit-tree', objects.tree, '-p', head, '-F', messageFile], {
    cwd: repo.topLevel,
    env: user,
  });
  if (!made.ok) {
    if (/tell me who you are|empty ident|auto-detect/i.test(made.error.message))
      return err(
        failure('git-failed', 'git does not know who commits: user.name and user.email are not set.', {
          next: 'git config --global user.name "…" && git config --global user.email "…"',
        }),
      );
    return made;
  }
  const commit = made.value.stdout.toString().trim();
  const listed = await runGit(
    ['diff-tree', '-r', '-t', '-z', '--raw', '--no-renames', '--no-abbrev', head, commit],
    objects.at,
  );
  if (!listed.ok) return listed;
  const fresh = listed.value.stdout
    .toString('latin1')
    .split('\0')
    .filter((record) => record.startsWith(':'))
    .map((record) => record.split(' ')[3] ?? '')
    .filter((oid) => !/^0+$/.test(oid));
  const wanted = [...new Set([commit, objects.tree, ...fresh])].join('\n');
  const packed = await runGit(['pack-objects', '--stdout', '-q'], { ...objects.at, input: `${wanted}\n` });
  if (!packed.ok) return packed;
  const receive = fresh.length < 100 ? ['unpack-objects', '-q'] : ['index-pack', '--stdin'];
  // Git flushes refs and packs by itself, and single objects only when asked to.
  const received = await runGit(['-c', 'core.fsync=committed,reference', ...receive], {
    cwd: repo.topLevel,
    env: userGitEnv(host),
    input: packed.value.stdout,
  });
  return received.ok ? ok(commit) : received;
}
