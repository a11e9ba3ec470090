import { link, lstat, mkdir, readFile, rename, rm, stat, writeFile } from '../files/at-once';
import { dirname, join } from 'node:path';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { parseJson } from '../../core/parse-json';
import { type Owner, currentOwner, livenessOf } from '../lease/owner';
import { flush } from '../files/flush';
import { type Repository } from './contracts';
import { ageOfIndex, setIndexAge } from './index-file';
import { readJournal, tidySwap, undoSwap } from './file-swap';
import { ownedPath, removeOwned, sweepOwned } from './folder-owner';
import { type HostEnv, runGit, userGitEnv } from './run-git';

/** Where a landing prepares its files: in the git directory, so that a killed one is found by the next. */
export interface LandingStage {
  folder: string;
  /** Prepared and replaced files; on the file system of the working tree. */
  payload: string;
  owner: Owner;
}

const folderOf = (repo: Repository): string => join(repo.gitDir, 'nx-wave', 'landing');
const lockOf = (repo: Repository): string => join(repo.gitDir, 'index.lock');
const ownLock = (folder: string): string => join(folder, 'index');

function busy(message: string, next: string) {
  return err(failure('operation-in-progress', message, { next }));
}

/**
 * Takes back a landing whose process was killed, or completes one whose commit is on HEAD already. Nothing to do is
 * success. Codes: operation-in-progress while its process lives, landing-failed when somebody changed its files since.
 */
export async function recoverLanding(host: HostEnv, repo: Repository): Promise<Result<void>> {
  const folder = folderOf(repo);
  await sweepOwned(dirname(folder));
  const text = await readFile(join(folder, 'owner.json'), 'utf8').catch(() => null);
  if (text === null) return ok(undefined);
  const owner = parseJson(text) as Owner | undefined;
  // A note that is not whole was written right before the power went.
  const life = owner === undefined ? 'dead' : livenessOf(owner, currentOwner());
  if (owner !== undefined && life !== 'dead')
    return busy(
      `Another landing is under way (process ${owner.pid} on ${owner.host}).`,
      life === 'alive' ? 'wait for it to end' : `if it has ended, delete ${folder}`,
    );
  const journal = await readJournal(folder);
  if (journal !== null) {
    const head = await runGit(['rev-parse', '--verify', 'HEAD^{commit}'], {
      cwd: repo.topLevel,
      env: userGitEnv(host),
    });
    if (!head.ok) return head;
    if (journal.commit !== null && head.value.stdout.toString().trim() === journal.commit) {
      if (await holdsLock(repo, folder)) await publishIndex(repo);
      await tidySwap(journal);
    } else {
      const changed = await undoSwap(journal);
      if (changed.length > 0)
        return err(
          failure(
            'landing-failed',
            `A landing was interrupted, and its files were changed since: ${changed.join(', ')}.`,
            {
              place: { path: changed[0] ?? '' },
              next: `the files it replaced are in ${join(journal.payload, 'old')}; put back what you need, then delete ${folder}`,
              facts: { paths: changed },
            },
          ),
        );
    }
  }
  await removeStage(repo, folder);
  return ok(undefined);
}

/**
 * Removes what a landing that is done, or was taken back, has prepared. Its journal goes first: with it, the next command
 * would take files back whose originals are gone.
 */
async function removeStage(repo: Repository, folder: string): Promise<void> {
  if (await holdsLock(repo, folder)) await rm(lockOf(repo));
  await rm(join(folder, 'journal.json'), { force: true });
  await flush(folder);
  const payload = await payloadOf(repo, folder);
  if (dirname(payload) !== folder) await rm(payload, { recursive: true, force: true });
  await removeOwned(folder);
}

/** Prepared and replaced files stand on the file system of the working tree. */
async function payloadOf({ gitDir, topLevel }: Repository, folder: string): Promise<string> {
  const shared = (await stat(gitDir)).dev === (await stat(topLevel)).dev;
  return shared ? join(folder, 'payload') : join(topLevel, '.nx-wave-landing');
}

/** Whether git's index lock is the one that this stage made: the same file, not only the same name. */
async function holdsLock(repo: Repository, folder: string): Promise<boolean> {
  const [ours, theirs] = await Promise.all(
    [lstat(ownLock(folder)), lstat(lockOf(repo))].map((p) => p.catch(() => null)),
  );
  return ours !== null && ours !== undefined && ours.ino === theirs?.ino;
}

/** Opens the only stage of a repository. Codes: operation-in-progress, landing-failed, state-unwritable. */
export async function openStage(host: HostEnv, repo: Repository): Promise<Result<LandingStage>> {
  const recovered = await recoverLanding(host, repo);
  if (!recovered.ok) return recovered;
  const folder = folderOf(repo);
  const owner = currentOwner();
  const draft = ownedPath(dirname(folder));
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await writeFile(join(draft, 'owner.json'), JSON.stringify(owner));
  try {
    await rename(draft, folder);
  } catch {
    await rm(draft, { recursive: true, force: true });
    return busy('Another landing has just begun.', 'wait for it to end');
  }
  const payload = await payloadOf(repo, folder);
  await mkdir(join(payload, 'new'), { recursive: true });
  return ok({ folder, payload, owner });
}

export async function closeStage(repo: Repository, stage: LandingStage): Promise<void> {
  await removeStage(repo, stage.folder);
  // It would be taken back after a loss of power if its journal were there again.
  await flush(dirname(stage.folder));
}

/**
 * Takes git's own lock on the user's index with a copy of it in place of the new one; `file` is where the copy may be
 * changed until `commitIndex`. Codes: operation-in-progress.
 */
export async function lockIndex(repo: Repository, stage: LandingStage): Promise<Result<{ file: string }>> {
  const marker = ownLock(stage.folder);
  await writeFile(marker, '', { mode: 0o644 });
  try {
    await link(marker, lockOf(repo));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return busy(
      'Another git process is using the index (index.lock is there).',
      'wait for it to end, then land again',
    );
  }
  return ok({ file: join(stage.folder, 'index.work') });
}

/** Fills the lock with the finished index; `publishIndex` makes it the index. */
export async function fillLock(stage: LandingStage, file: string): Promise<void> {
  await writeFile(ownLock(stage.folder), await readFile(file), { flush: true });
  await setIndexAge(ownLock(stage.folder), await ageOfIndex(file));
}

/** On the device when it returns: the journal that would complete it goes next. */
export async function publishIndex(repo: Repository): Promise<void> {
  await rename(lockOf(repo), join(repo.gitDir, 'index'));
  await flush(repo.gitDir);
}

/** Operations of the person that a commit must not be put in the middle of. Codes: operation-in-progress. */
export async function refuseUnfinished(repo: Repository): Promise<Result<void>> {
  const signs: [string, string][] = [
    ['MERGE_HEAD', 'merge'],
    ['CHERRY_PICK_HEAD', 'cherry-pick'],
    ['REVERT_HEAD', 'revert'],
    ['rebase-merge', 'rebase'],
    ['rebase-apply', 'rebase'],
  ];
  for (const [name, operation] of signs)
    if ((await lstat(join(repo.gitDir, name)).catch(() => null)) !== null)
      return busy(
        `A ${operation} is not finished.`,
        `git ${operation} --continue, or git ${operation} --abort`,
      );
  return ok(undefined);
}
