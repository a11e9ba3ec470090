import { join } from 'node:path';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { flush } from '../files/flush';
import { type Repository } from './contracts';
import {
  type SwapFile,
  type SwapJournal,
  digestOfEntry,
  missingFolders,
  performSwap,
  tidySwap,
  undoSwap,
  writeJournal,
} from './file-swap';
import { guardIo } from './io-failure';
import { type LandRequest, type Landing } from './land-contracts';
import { type LandObjects, commitObjects, prepareObjects } from './land-objects';
import { type LandTarget, planLanding } from './land-plan';
import { type WorkingTreeGit, copyIndex, readTargets, workingTreeGit } from './land-state';
import {
  type LandingStage,
  closeStage,
  fillLock,
  lockIndex,
  openStage,
  publishIndex,
  refuseUnfinished,
} from './landing-stage';
import { toWorkspacePath } from './paths';
import { type HostEnv, runGit, userGitEnv } from './run-git';

interface Head {
  commit: string;
  tree: string;
}

/** What one landing works on. */
interface LandRun {
  host: HostEnv;
  repo: Repository;
  request: LandRequest;
  head: Head;
  objects: LandObjects;
}

async function readHead(host: HostEnv, repo: Repository): Promise<Result<Head>> {
  const read = await runGit(['log', '-1', '--no-show-signature', '--format=%H %T', 'HEAD'], {
    cwd: repo.topLevel,
    env: userGitEnv(host),
  });
  if (!read.ok) return read;
  const [commit = '', tree = ''] = read.value.stdout.toString().trim().split(' ');
  return ok({ commit, tree });
}

/**
 * Puts a list of changes into the user's repository, all of it or nothing: merged onto today's HEAD, refused where
 * somebody else's uncommitted work would be touched, taken back after any failure. No hook for commits runs; the
 * repository's own `reference-transaction` hook does.
 * Codes: merge-conflict, uncommitted-changes, operation-in-progress, branch-exists, bundle-invalid, landing-failed,
 * disk-full, state-unwritable, git-failed.
 */
export function applyToWorkspace(
  host: HostEnv,
  repo: Repository,
  { request, into }: { request: LandRequest; into: string },
): Promise<Result<Landing>> {
  return guardIo('landing-failed', 'landing', async () => {
    const head = await readHead(host, repo);
    if (!head.ok) return head;
    const objects = await prepareObjects(host, repo, { request, headTree: head.value.tree, into });
    if (!objects.ok) return objects;
    const run: LandRun = { host, repo, request, head: head.value, objects: objects.value };
    if (request.mode === 'branch') return landOnBranch(run);
    if (request.mode === 'commit') {
      const free = await refuseUnfinished(repo);
      if (!free.ok) return free;
    }
    if (request.mode === 'dry-run') {
      const planned = await planHere(run, join(into, 'user.index'));
      return planned.ok ? ok(report(run, null, planned.value)) : planned;
    }
    const stage = await openStage(host, repo);
    if (!stage.ok) return stage;
    const landed = await guardIo('landing-failed', 'landing', async () => {
      const still = await (request.recheck?.() ?? ok(undefined));
      return still.ok ? landInTree(run, stage.value) : still;
    });
    if (landed.ok || !landed.error.facts?.['keepStage']) await closeStage(repo, stage.value);
    return landed;
  });
}

function report({ repo, objects }: LandRun, commit: string | null, write: LandTarget[]): Landing {
  return {
    changes: objects.landed,
    tree: objects.tree,
    commit,
    written: write.map((target) => toWorkspacePath(repo.prefix, target.path)),
  };
}

/** Git in the user's working tree, with a copy of their index and the objects of the landing. */
async function gitHere({ host, repo, objects }: LandRun, indexFile: string): Promise<WorkingTreeGit> {
  await copyIndex(repo, indexFile);
  return workingTreeGit(repo, {
    ...userGitEnv(host),
    GIT_LITERAL_PATHSPECS: '1',
    GIT_INDEX_FILE: indexFile,
    GIT_OBJECT_DIRECTORY: objects.objectDir,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: objects.at.env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] ?? '',
  });
}

async function planHere(run: LandRun, indexFile: string): Promise<Result<LandTarget[]>> {
  const { repo, objects } = run;
  const targets = await readTargets(repo, await gitHere(run, indexFile), objects.changes);
  if (!targets.ok) return targets;
  const plan = planLanding(targets.value, true, (path) => toWorkspacePath(repo.prefix, path));
  return plan.ok ? ok(plan.value.write) : plan;
}

/** Records of every change for `update-index --index-info`, top-relative. */
function asIndexInfo(objects: LandObjects): string {
  const zero = '0'.repeat(objects.tree.length);
  const removed = objects.changes.filter((c) => c.after === null).map((c) => `0 ${zero}\t${c.path}\0`);
  const written = objects.changes.flatMap((c) =>
    c.after ? [`${c.after.mode} ${c.after.oid}\t${c.path}\0`] : [],
  );
  return [...removed, ...written].join('');
}

async function landInTree(run: LandRun, stage: LandingStage): Promise<Result<Landing>> {
  const { host, repo, request, head, objects } = run;
  const committing = request.mode === 'commit' && objects.tree !== head.tree;
  const newIndex = join(stage.folder, 'index.work');
  if (committing) {
    const locked = await lockIndex(repo, stage);
    if (!locked.ok) return locked;
  }
  const planned = await planHere(run, join(stage.folder, 'index.seen'));
  if (!planned.ok) return planned;
  const git = await gitHere(run, newIndex);
  const updated = await git(
    ['update-index', '--add', '--replace', '-z', '--index-info'],
    asIndexInfo(objects),
  );
  if (!updated.ok) return updated;
  const files = await prepareFiles(git, stage, extraFilesLast(run, planned.value));
  if (!files.ok) return files;
  let commit: string | null = null;
  if (committing) {
    const made = await commitObjects(host, repo, {
      objects,
      head: head.commit,
      message: request.message ?? 'Land a wave',
    });
    if (!made.ok) return made;
    commit = made.value;
  }
  const journal: SwapJournal = {
    owner: stage.owner,
    root: repo.topLevel,
    payload: stage.payload,
    files: files.value,
    madeFolders: await missingFolders(repo.topLevel, files.value),
    commit,
    locksIndex: committing,
  };
  await writeJournal(stage.folder, journal);
  const done = await guardIo('landing-failed', 'writing the working tree', async () => {
    await performSwap(journal);
    return commit === null ? ok(undefined) : moveHead(run, git, { stage, newIndex, commit });
  });
  if (!done.ok) return takeBack(journal, stage, done.error);
  if (commit !== null) {
    const published = await putIndexInPlace(repo);
    if (!published.ok) return published;
  }
  await tidySwap(journal);
  return ok(report(run, commit, planned.value));
}

/** HEAD has moved, and nothing is taken back any more: where this fails, the stage stays, and the next command completes it. */
async function putIndexInPlace(repo: Repository): Promise<Result<void>> {
  const put = await guardIo('landing-failed', 'putting the index in place', async () =>
    ok(await publishIndex(repo)),
  );
  if (put.ok) return put;
  return err(
    failure(put.error.code, `The landing is on HEAD, and its last step failed: ${put.error.message}`, {
      next: 'Mend what this names, and run the same command again: it completes the landing.',
      facts: { keepStage: true },
    }),
  );
}

/** What goes with the changes (the ledger entry) is put in place last: nobody is to read of a landing that is under way. */
function extraFilesLast({ repo, objects }: LandRun, write: readonly LandTarget[]): LandTarget[] {
  const changed = new Set(objects.landed.map(({ path }) => path));
  const isExtra = ({ path }: LandTarget) => !changed.has(toWorkspacePath(repo.prefix, path));
  return [...write.filter((target) => !isExtra(target)), ...write.filter(isExtra)];
}

/** Writes the new content of every path aside, as a checkout of the user would: line endings, filters, modes. */
async function prepareFiles(
  git: WorkingTreeGit,
  stage: LandingStage,
  write: readonly LandTarget[],
): Promise<Result<SwapFile[]>> {
  const appearing = write.filter((target) => target.after !== null);
  const written = await git(
    ['checkout-index', `--prefix=${join(stage.payload, 'new')}/`, '-z', '--stdin'],
    appearing.map((target) => `${target.path}\0`).join(''),
  );
  if (!written.ok) return written;
  const files: SwapFile[] = [];
  for (const target of write) {
    const prepared = join(stage.payload, 'new', target.path);
    const digest = target.after === null ? null : await digestOfEntry(prepared);
    if (target.after !== null && digest === null)
      return err(
        failure('landing-failed', `git did not write ${target.path}.`, { place: { path: target.path } }),
      );
    files.push({ path: target.path, before: target.disk !== null, after: digest });
  }
  return ok(files);
}

/** Moves HEAD to the commit, the finished index waiting in git's lock. */
async function moveHead(
  { host, repo, head }: LandRun,
  git: WorkingTreeGit,
  { stage, newIndex, commit }: { stage: LandingStage; newIndex: string; commit: string },
): Promise<Result<void>> {
  const refreshed = await git(['update-index', '-q', '--refresh'], undefined, [0, 1]);
  if (!refreshed.ok) return refreshed;
  await fillLock(stage, newIndex);
  await flush(repo.gitDir);
  const moved = await runGit(['update-ref', '-m', 'nx-wave: land', 'HEAD', commit, head.commit], {
    cwd: repo.topLevel,
    env: userGitEnv(host),
  });
  return moved.ok ? ok(undefined) : moved;
}

async function takeBack(journal: SwapJournal, stage: LandingStage, cause: Failure): Promise<Result<never>> {
  const undone = await guardIo('landing-failed', 'taking the landing back', async () => {
    const changed = await undoSwap(journal);
    return changed.length === 0
      ? ok(undefined)
      : err(failure('landing-failed', `changed meanwhile: ${changed.join(', ')}`));
  });
  if (undone.ok)
    return err({
      ...cause,
      code: cause.code === 'git-failed' ? 'landing-failed' : cause.code,
      message: `Landing failed and was taken back, the working tree is as it was: ${cause.message}`,
    });
  return err(
    failure(
      'landing-failed',
      `Landing failed (${cause.message}) and could not be taken back: ${undone.error.message}`,
      {
        next: `the files it replaced are in ${join(stage.payload, 'old')}`,
        facts: { keepStage: true },
      },
    ),
  );
}

/** Makes a commit on a new branch; index, working tree and HEAD stay as they are. */
async function landOnBranch(run: LandRun): Promise<Result<Landing>> {
  const { host, repo, request, head, objects } = run;
  const name = request.branch ?? '';
  const user = { cwd: repo.topLevel, env: userGitEnv(host), answers: [0, 1, 128] };
  const checked = await runGit(['check-ref-format', '--branch', name], user);
  if (!checked.ok) return checked;
  if (checked.value.code !== 0 || name.startsWith('-') || name.startsWith('@'))
    return err(failure('branch-exists', `${JSON.stringify(name)} is not a name that a branch can have.`));
  const known = await runGit(['rev-parse', '--verify', '--quiet', `refs/heads/${name}`], user);
  if (!known.ok) return known;
  if (known.value.code === 0)
    return err(
      failure('branch-exists', `There is a branch ${name} already.`, {
        next: 'give another name, or delete that branch',
      }),
    );
  const commit = await commitObjects(host, repo, {
    objects,
    head: head.commit,
    message: request.message ?? 'Land a wave',
  });
  if (!commit.ok) return commit;
  const zero = '0'.repeat(head.commit.length);
  const made = await runGit(['update-ref', '-m', 'nx-wave: land', `refs/heads/${name}`, commit.value, zero], {
    cwd: repo.topLevel,
    env: userGitEnv(host),
  });
  if (!made.ok) return made;
  return ok(report(run, commit.value, []));
}
