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
  /** Size of all private folders together in MiB; null where this bubblewrap cannot set one. */
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
  const size = sizeOf(start);
  const hidden = mounts.filter((one) => one.access === 'none' && one.isFolder);
  return [
    ...fixedFlags,
    ...(start.sharesNetwork ? [] : ['--unshare-net']),
    ...['--json-status-fd', '3'],
    // Memory of the machine too, and nothing else of the devices needs to hold files.
    ...[...size, '--tmpfs', '/dev/shm'],
    ...mounts.flatMap((mount) => mountArguments(mount, { ...start, size })),
    ...sockets.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    // At the end: what is allowed further down needs a place to stand on first.
    ...hidden.flatMap(({ path }) => ['--remount-ro', path]),
    ...['--remount-ro', '/dev'],
    '--chdir',
    start.cwd,
    '--',
    ...start.words,
  ];
}

/** Each private folder, shared memory among them, may hold an equal part. */
function sizeOf({ mounts, privateMb }: BubblewrapStart): string[] {
  if (privateMb === null) return [];
  const folders = 1 + mounts.filter(({ access, isFolder }) => access === 'private' && isFolder).length;
  return ['--size', String(Math.max(1, Math.floor(privateMb / folders)) * 1024 * 1024)];
}

function mountArguments(
  { path, access, isFolder }: Mount,
  { empty, size }: Pick<BubblewrapStart, 'empty'> & { size: readonly string[] },
): string[] {
  switch (access) {
    case 'write':
      return ['--bind', path, path];
    case 'read':
      return ['--ro-bind', path, path];
    case 'private':
    case 'none':
      return isFolder
        ? [...(access === 'none' ? [] : size), '--tmpfs', path]
        : ['--ro-bind', empty.file, path];
  }
}
