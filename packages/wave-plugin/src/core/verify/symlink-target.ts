import { isGitFolder } from '../runner-paths';

const maxHops = 40;

/** Symbolic links of a tree with their targets, by path. */
export type Links = Readonly<Record<string, string>>;

/** How a link is followed. */
export interface LinkTrail {
  /** The path that it ends at, or null when it leaves the tree, enters a git directory or never ends. */
  end: string | null;
  /** Every path that was looked at on the way, links and folders: first what stands above the link, then the link itself. */
  looked: string[];
}

/** Follows one symbolic link of a tree through the tree's other links, without touching a disk. */
export function followSymlink(links: Links, path: string): LinkTrail {
  const looked: string[] = [];
  const resolved: string[] = [];
  const pending = path.split('/');
  let hops = 0;
  for (let segment = pending.shift(); segment !== undefined; segment = pending.shift()) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (resolved.pop() === undefined) return { end: null, looked };
      continue;
    }
    if (isGitFolder(segment)) return { end: null, looked };
    resolved.push(segment);
    const here = resolved.join('/');
    looked.push(here);
    const target = Object.hasOwn(links, here) ? links[here] : undefined;
    if (target === undefined) continue;
    if (target === '' || /^([/\\]|[A-Za-z]:)/.test(target) || ++hops > maxHops) return { end: null, looked };
    resolved.pop();
    pending.unshift(...target.split('/'));
  }
  return { end: resolved.join('/'), looked };
}

/** The path that a link ends at, or null: see `LinkTrail`. */
export function resolveSymlink(links: Links, path: string): string | null {
  return followSymlink(links, path).end;
}
