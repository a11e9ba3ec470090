import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, rm, symlink, writeFile } from '../files/at-once';
import { dirname, join } from 'node:path';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Checkout } from './contracts';
import { type CheckoutState } from './checkout-state';
import { type ShareMode, foldersWithNodeModules, shareNodeModules } from './node-modules';
import { splitNul } from './names';
import { packageFoldersOf } from './package-folders';
import { toTopPath } from './paths';
import { runGit } from './run-git';

/** Whether files of `from` can be cloned into `to` without copying their bytes. */
export async function canClone(from: string, to: string): Promise<boolean> {
  const [source, probe] = [join(to, '.clone-source'), join(to, '.clone-probe')];
  try {
    await writeFile(source, 'x');
    await copyFile(source, probe, constants.COPYFILE_FICLONE_FORCE);
    return (await lstat(from)).dev === (await lstat(to)).dev;
  } catch {
    return false;
  } finally {
    await rm(source, { force: true });
    await rm(probe, { force: true });
  }
}

/** Top-relative folders that hold a package, as the index of the checkout has them. */
async function listPackageFolders(
  checkout: Checkout,
  env: Record<string, string>,
): Promise<Result<string[]>> {
  const listed = await runGit(['ls-files', '-z', '--', ':(glob)**/package.json'], {
    cwd: checkout.root,
    env: { ...env, GIT_LITERAL_PATHSPECS: '0' },
  });
  return listed.ok ? ok(packageFoldersOf(splitNul(listed.value.stdout))) : listed;
}

/** Chooses how dependencies are shared: clones where the file system makes them for nothing, links elsewhere. */
export async function chooseShare(wanted: ShareMode | 'auto' | 'none', user: string, home: string) {
  if (wanted !== 'auto') return wanted;
  return (await canClone(user, home)) ? ('copy' as const) : ('links' as const);
}

/**
 * Puts into the checkout what git does not carry: `node_modules` of every package, the paths of workspace.links, and
 * what workspace.setup makes. Without `packageFolders` git is asked for them. Codes: workspace-setup-failed, checkout-failed, disk-full.
 */
export async function provision(
  checkout: Checkout,
  state: CheckoutState,
  { env, packageFolders }: { env: Record<string, string>; packageFolders?: readonly string[] | undefined },
): Promise<Result<void>> {
  const pair = { user: state.repo.topLevel, checkout: checkout.root };
  if (state.share !== 'none') {
    const folders = packageFolders ? ok(packageFolders) : await listPackageFolders(checkout, env);
    if (!folders.ok) return folders;
    const always = ['', state.repo.prefix.replace(/\/$/, '')];
    state.packageFolders = await foldersWithNodeModules(pair.user, [...always, ...folders.value]);
    for (const folder of state.packageFolders) {
      const target = join(pair.checkout, folder, 'node_modules');
      await mkdir(dirname(target), { recursive: true });
      await shareNodeModules(
        { from: join(pair.user, folder, 'node_modules'), to: target },
        { pair, mode: state.share, links: state.packageLinks },
      );
    }
  }
  for (const named of state.links) {
    const path = named.replace(/\/+$/, '');
    if (!toTopPath('', path).ok)
      return err(
        failure(
          'checkout-failed',
          `workspace.links names ${JSON.stringify(named)}, which is not inside the workspace.`,
          {
            next: 'name a path inside the workspace, without `..`',
          },
        ),
      );
    const [from, to] = [join(state.repo.workspaceRoot, path), join(checkout.workspaceDir, path)];
    if (!(await lstat(from).catch(() => null))) continue;
    await mkdir(dirname(to), { recursive: true });
    await rm(to, { recursive: true, force: true });
    await symlink(from, to);
  }
  return state.setup ? state.setup(checkout) : ok(undefined);
}
