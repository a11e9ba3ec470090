import type { Mount } from './mounts';

/**
 * Namespaces of its own for everything but the network, no rights of root, an end with whoever started it, and a session of its
 * own: the guard's group then holds the guard alone.
 */
export const fixedFlags: readonly string[] = [
  '--die-with-parent',
  '--new-session',
  '--unshare-user',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup-try',
  '--cap-drop',
  'ALL',
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--proc',
  '/proc',
];

/** Sizes of private folders can be set from 0.7 on; before, each may hold half of the memory. */
export function canSize(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 0 || minor >= 7;
}

export interface BubblewrapStart {
  mounts: readonly Mount[];
  cwd: string;
  /** Size of a private folder in MiB; null where this bubblewrap cannot set one. */
  privateMb: number | null;
  /** False: a loopback of its own and nothing else. */
  sharesNetwork: boolean;
  /** Folder and file that are shown in the place of hidden ones. */
  empty: { file: string };
  /** Sockets of the runner, at the place where they are in the cage. */
  sockets: readonly { from: string; to: string }[];
  words: readonly string[];
}

/** The arguments of `bwrap`: mounts from the outer path to the inner one, so that the rule further down wins. */
export function bubblewrapArguments(start: BubblewrapStart): string[] {
  const { mounts, sockets } = start;
  const hidden = mounts.filter((one) => one.access === 'none' && one.isFolder);
  return [
    ...fixedFlags,
    ...(start.sharesNetwork ? [] : ['--unshare-net']),
    ...mounts.flatMap((mount) => mountArguments(mount, start)),
    ...sockets.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    // At the end: what is allowed further down needs a place to stand on first.
    ...hidden.flatMap(({ path }) => ['--remount-ro', path]),
    '--chdir',
    start.cwd,
    '--',
    ...start.words,
  ];
}

function mountArguments(
  { path, access, isFolder }: Mount,
  { empty, privateMb }: Pick<BubblewrapStart, 'empty' | 'privateMb'>,
): string[] {
  switch (access) {
    case 'write':
      return ['--bind', path, path];
    case 'read':
      return ['--ro-bind', path, path];
    case 'private':
    case 'none': {
      const size = privateMb === null || access === 'none' ? [] : ['--size', String(privateMb * 1024 * 1024)];
      return isFolder ? [...size, '--tmpfs', path] : ['--ro-bind', empty.file, path];
    }
  }
}
