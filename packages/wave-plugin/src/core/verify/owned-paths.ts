import { isGitFolder } from '../runner-paths';

/** True when `owned` names the path itself or, ending in `/`, a folder above it. No globs. */
export function covers(owned: string, path: string): boolean {
  return owned.endsWith('/') ? path.startsWith(owned) && path.length > owned.length : owned === path;
}

/** True when one of the owned paths covers the path. */
export function isOwned(ownedPaths: readonly string[], path: string): boolean {
  return ownedPaths.some((owned) => covers(owned, path));
}

/** A path that no slice may ever name: absolute, climbing, empty segments, or inside a git directory. */
export function isUnsafePath(path: string): boolean {
  if (/^[A-Za-z]:/.test(path) || path.includes('\0')) return true;
  return path
    .split(/[/\\]/)
    .some((segment) => segment === '' || segment === '.' || segment === '..' || isGitFolder(segment));
}
