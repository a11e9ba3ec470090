import { isGitFolder } from '../runner-paths';

const maxHops = 40;

/**
 * Follows one symbolic link of a tree through the tree's other links, without touching a disk. Gives the path that it
 * ends at, or null when it leaves the tree, enters a git directory or never ends.
 */
export function resolveSymlink(links: Readonly<Record<string, string>>, path: string): string | null {
  const resolved: string[] = [];
  const pending = path.split('/');
  let hops = 0;
  for (let segment = pending.shift(); segment !== undefined; segment = pending.shift()) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (resolved.pop() === undefined) return null;
      continue;
    }
    if (isGitFolder(segment)) return null;
    resolved.push(segment);
    const here = resolved.join('/');
    const target = Object.hasOwn(links, here) ? links[here] : undefined;
    if (target === undefined) continue;
    if (target === '' || /^([/\\]|[A-Za-z]:)/.test(target) || ++hops > maxHops) return null;
    resolved.pop();
    pending.unshift(...target.split('/'));
  }
  return resolved.join('/');
}
