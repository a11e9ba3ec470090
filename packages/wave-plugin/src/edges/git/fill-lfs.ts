import { constants } from 'node:fs';
import { chmod, copyFile, lstat, rename } from '../files/at-once';
import { join } from 'node:path';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { placeInside } from '../files/place-inside';
import { hashFile } from '../files/read-file';
import { lstatReachable } from '../files/stat';
import { type CheckoutOwner, type CheckoutState, indexFileOf, markFilled } from './checkout-state';
import { type Checkout, type FilledFile } from './contracts';
import { fileStamp } from './file-stamp';
import { type ContentSource, findContent, listLfsFiles, lfsStore, mayUseLfs, pointerAt } from './lfs-files';
import { userGitEnv } from './run-git';

/**
 * Puts the content that this machine has into the place of each Git LFS pointer of a checkout, and marks those entries of
 * the runner's index, so that git does not take them for changes. No filter runs and nothing is fetched: a pointer
 * says which content it stands for. Writes `state.filled`; gives the top-relative paths whose content is not on this
 * machine. `env`: of the runner's git on the checkout. Codes: checkout-failed, disk-full, git-failed.
 */
export async function fillLfs(
  { host, checkedContent }: CheckoutOwner,
  { checkout, state, env }: { checkout: Checkout; state: CheckoutState; env: Record<string, string> },
): Promise<Result<string[]>> {
  state.filled = [];
  const source = sourceOf(state, checkedContent);
  const tree = { root: checkout.root, indexFile: indexFileOf(checkout) };
  if (!(await mayUseLfs(state.repo, source.store, tree))) return ok([]);
  // Attributes are the user's and those of the tree: git of the runner has none.
  const listed = await listLfsFiles({
    cwd: checkout.root,
    env: {
      ...userGitEnv(host),
      GIT_DIR: state.repo.gitDir,
      GIT_WORK_TREE: checkout.root,
      GIT_INDEX_FILE: indexFileOf(checkout),
      GIT_OBJECT_DIRECTORY: env['GIT_OBJECT_DIRECTORY'] ?? '',
      GIT_ALTERNATE_OBJECT_DIRECTORIES: env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] ?? '',
    },
  });
  if (!listed.ok) return listed;
  const absent: string[] = [];
  for (const { path, mode } of listed.value) {
    const placed = await placeContent(checkout, source, path);
    if (placed === 'absent') absent.push(path);
    else if (placed !== null) state.filled.push({ path, mode, ...placed });
  }
  const marked = await markFilled({ checkout, env }, state.filled, '--assume-unchanged');
  return marked.ok ? ok(absent) : marked;
}

function sourceOf({ repo, lfsStorage }: CheckoutState, checked: ContentSource['checked']): ContentSource {
  return { store: lfsStore(repo, lfsStorage), topLevel: repo.topLevel, checked };
}

/** Replaces a pointer by its content: null where none stands there, `absent` where this machine does not have it. */
async function placeContent(
  { home, root }: Checkout,
  source: ContentSource,
  path: string,
): Promise<Pick<FilledFile, 'sha256' | 'stamp'> | 'absent' | null> {
  const pointer = await pointerAt(root, path);
  const place = await placeInside(root, path);
  if (pointer === null || place === null) return null;
  const content = await findContent(source, path, pointer);
  if (content === null) return 'absent';
  const { mode } = await lstat(place);
  // Through a file of our own: what stands in the checkout may be a link to something else by now.
  const draft = join(home, 'lfs-draft');
  await copyFile(content, draft, constants.COPYFILE_FICLONE);
  await chmod(draft, mode & 0o777);
  await rename(draft, place);
  return { sha256: pointer.sha256, stamp: (await fileStamp(place)) ?? '' };
}

/** Those of the filled files that are not what they were filled with, in content, kind or mode. */
export async function findTouched({ root }: Checkout, files: readonly FilledFile[]): Promise<FilledFile[]> {
  const touched: FilledFile[] = [];
  for (const file of files) if (!(await isUntouched(root, file))) touched.push(file);
  return touched;
}

async function isUntouched(root: string, { path, mode, sha256, stamp }: FilledFile): Promise<boolean> {
  const place = await placeInside(root, path);
  if (place === null) return false;
  if ((await fileStamp(place)) === stamp) return true;
  const info = await lstatReachable(place);
  if (!info?.isFile() || (info.mode & 0o100) !== (mode === '100755' ? 0o100 : 0)) return false;
  return (await hashFile(place).catch(() => null)) === sha256;
}

/** Fills touched files again, after git has put their pointers back. Codes: checkout-failed, disk-full. */
export async function refillLfs(
  { checkedContent }: CheckoutOwner,
  { checkout, state, touched }: { checkout: Checkout; state: CheckoutState; touched: readonly FilledFile[] },
): Promise<Result<void>> {
  for (const file of touched) {
    const placed = await placeContent(checkout, sourceOf(state, checkedContent), file.path);
    if (placed === null || placed === 'absent')
      return err(
        failure('checkout-failed', `The Git LFS content of ${file.path} is not on this machine any more.`, {
          place: { path: file.path },
          next: `git lfs pull --include=${JSON.stringify(file.path)}`,
        }),
      );
    Object.assign(file, placed);
  }
  return ok(undefined);
}
