import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { byDepth, type Access, type CageRule } from '../../../core/cage/cage-policy';

/** A rule for a place that is there, by its real path. */
export interface Mount {
  path: string;
  access: Access;
  isFolder: boolean;
}

/**
 * The rules of a policy on this machine: links are followed, what is not there is left out, and what a rule further out says
 * already is not said again.
 */
export function mountsOf(rules: readonly CageRule[]): Mount[] {
  const mounts = new Map<string, Mount>();
  for (const { path, access } of rules) {
    const real = realOrNull(path);
    if (real === null || real === '/') continue;
    mounts.set(real, { path: real, access, isFolder: lstatSync(real).isDirectory() });
  }
  const sorted = [...mounts.values()].sort(byDepth);
  return sorted.filter((one) => one.access !== accessAround(sorted, one.path));
}

/**
 * What would hold for a path without a rule of its own: a file system without any can be read. A cage has devices of its
 * own: what somebody keeps below `/dev/shm` is not there at all, which is none of these.
 */
function accessAround(mounts: readonly Mount[], path: string): Access | null {
  const around = mounts.filter((one) => path.startsWith(`${one.path}/`));
  return around.at(-1)?.access ?? (path.startsWith('/dev/') ? null : 'read');
}

function realOrNull(path: string): string | null {
  try {
    return existsSync(path) ? realpathSync(path) : null;
  } catch {
    return null;
  }
}
