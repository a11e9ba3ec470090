/**
 * Loaded before anything else of a task (the bundler puts it in front of every executor): from its second start on, Node 22 and later take
 * the code of the runner as V8 has compiled it, as Nx does for its own long-lived processes; Node 20 has no such cache, and gets one for
 * the large files of the runner.
 * It lies in the folder for temporary files of the runner that only this user can enter, and no program in a cage sees it.
 * `NX_COMPILE_CACHE=false` turns it off, as it does for Nx; the variables of Node hold as well.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { keepCompiledCode } from './compiled-code';

type Enable = (folder: string) => unknown;

/** Of the bundles that this file is published beside. */
const keepOwn: Enable = (folder) => keepCompiledCode(join(dirname(__dirname), 'shared'), folder);

/**
 * Gives the folder that the cache is in, null where there is none: a folder that others can enter is not used, and nothing of it is
 * said or fails, because all goes on as without it.
 */
export function useCompileCache({
  tmp = tmpdir(),
  env = process.env,
  uid = process.getuid?.(),
  enable = (nodeModule as { enableCompileCache?: Enable }).enableCompileCache ?? keepOwn,
} = {}): string | null {
  if (uid === undefined || env['NX_COMPILE_CACHE'] === 'false') return null;
  try {
    const own = join(tmp, `nx-wave-${uid}`);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const info = lstatSync(own);
    if (!info.isDirectory() || info.uid !== uid || (info.mode & 0o077) !== 0) return null;
    const folder = join(own, 'compiled');
    enable(folder);
    return folder;
  } catch {
    return null;
  }
}

useCompileCache();
