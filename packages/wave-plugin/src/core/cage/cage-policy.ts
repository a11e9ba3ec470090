import { credentialPaths } from './credentials';

/** `write`: as outside of the cage. `read`: never written. `private`: empty, its own, gone at the end. `none`: shown empty. */
export type Access = 'write' | 'read' | 'private' | 'none';

/** What holds for a path and everything below it, where no rule of a path further down says otherwise. Absolute. */
export interface CageRule {
  path: string;
  access: Access;
}

/** What may be called. `hosts`: `registry.npmjs.org`, `*.example.com`, each with a port or without; `ports`: of the machine's loopback. */
export type CageNetwork = { open: true } | { open: false; hosts: string[]; ports: number[] };

/** What a program in a cage may touch. Everything that no rule names can be read and not written. */
export interface CagePolicy {
  /** One rule for each path, the outer path first. Paths that are not there are passed over. */
  rules: CageRule[];
  network: CageNetwork;
  /** How much all private folders together may hold, in MiB: it is memory of the machine. */
  privateMb: number;
  /** Folders that are made before it stands, where they are not there. Absolute. */
  make: string[];
}

/** What a cage stands on. Paths are absolute. */
export interface CageGround {
  /** Home of the person, or null where none is known. */
  home: string | null;
  /** The home that the system notes for their account, where `HOME` names another: programs that ask it find that one. */
  accountHome?: string;
  repo: { topLevel: string; commonDir: string };
  /** Folders that runs write to in the person's tree, and stores, those of other clones included. */
  ofRunner: readonly string[];
  /** Holds the checkouts of every agent of this person. */
  scratchRoot: string;
  /** Files of the person's tree with settings of an environment: `.env`, `.env.local`. */
  envFiles: readonly string[];
  /** Files and folders of the person's tree that are held out from agents. */
  heldOut: readonly string[];
  checkout: { home: string; runnerGitDir: string; borrowed?: readonly string[]; sealed?: true };
  /** Folders for temporary files and for sockets of the machine. */
  temporary: readonly string[];
  /** Memory that the program may use, in MiB. */
  memoryMb: number;
  /** What has to stay readable though it may lie below a hidden folder: where programs are. */
  programs: readonly string[];
}

/** What a program needs, or a person allows, besides its checkout. */
export interface CageGrants {
  /** Absolute, or `~/` and below. */
  folders: readonly string[];
  /** A host, `host:port`, a port of loopback (`localhost:5432`), the path of a socket, or `*`. */
  calls: readonly string[];
  /** Below its folders, what it may read and not write: what its next start, outside of a cage, would obey. */
  settings?: readonly string[];
  /** Of its folders those that it makes at its first start: in a cage it could not. */
  ownFolders?: readonly string[];
}

export const noGrants: CageGrants = { folders: [], calls: [] };

const loopback = /^(?:localhost|127\.0\.0\.1|\[?::1\]?):(\d{1,5})$/;

/** The policy for one program. Of two rules for one path the one that allows more counts. */
export function cagePolicy(ground: CageGround, grants: readonly CageGrants[]): CagePolicy {
  const { home, repo, checkout } = ground;
  const calls = grants.flatMap((one) => one.calls);
  const sockets = calls.filter((call) => call.startsWith('/'));
  const { accountHome } = ground;
  const homes = [home, accountHome].filter((one) => one !== null && one !== undefined);
  const atHome = (path: string) => homes.map((one) => `${one}/${path}`);
  const network = networkOf(calls);
  const folders = grants.flatMap((one) => one.folders).flatMap((path) => placedAt(path, home));
  const of = (access: Access, paths: readonly string[]) => paths.map((path) => ({ path, access }));
  return {
    rules: inOrder([
      ...of('private', ground.temporary),
      ...of('none', credentialPaths.flatMap(atHome)),
      ...of('read', [repo.topLevel, ...homes, ...ground.programs]),
      ...of('none', [repo.commonDir, ground.scratchRoot, ...ground.ofRunner, ...ground.envFiles]),
      ...of('none', ground.heldOut),
      ...of('read', checkout.sealed ? [] : [`${repo.commonDir}/objects`, ...(checkout.borrowed ?? [])]),
      ...of('write', [checkout.home]),
      ...of('none', [checkout.runnerGitDir]),
      ...of('read', [`${checkout.home}/objects`, `${checkout.home}/owner.json`]),
      ...of('read', network.open ? nameServices : []),
      ...of('write', [...folders, ...sockets]),
      ...of(
        'read',
        grants.flatMap((one) => one.settings ?? []).flatMap((path) => placedAt(path, home)),
      ),
    ]),
    network,
    privateMb: Math.max(1, Math.floor(ground.memoryMb / 4)),
    make: grants.flatMap((one) => one.ownFolders ?? []).flatMap((path) => placedAt(path, home)),
  };
}

/** What grants come to for the network. */
export function networkOf(calls: readonly string[]): CageNetwork {
  if (calls.includes('*')) return { open: true };
  const ports = calls.flatMap((call) => {
    const port = Number(loopback.exec(call)?.[1] ?? 0);
    return port > 0 && port < 65_536 ? [port] : [];
  });
  const hosts = calls
    .filter((call) => !call.startsWith('/') && !loopback.test(call))
    .map((call) => call.toLowerCase());
  return { open: false, hosts: [...new Set(hosts)].sort(), ports: [...new Set(ports)].sort((a, b) => a - b) };
}

/** Where the addresses of name servers may stand. Sockets of resolvers stand there too: only for an open network. */
const nameServices = ['/run/systemd/resolve', '/run/resolvconf', '/run/NetworkManager'];

/** Nothing relative counts, and never the root: both would open what nobody meant. */
function placedAt(path: string, home: string | null): string[] {
  const placed = path.startsWith('~/') && home !== null ? `${home}/${path.slice(2)}` : path;
  const clean = placed.replace(/\/+$/, '');
  return clean.startsWith('/') && !clean.split('/').includes('..') ? [clean] : [];
}

const strength: Record<Access, number> = { none: 0, private: 1, read: 2, write: 3 };

function inOrder(rules: readonly CageRule[]): CageRule[] {
  const byPath = new Map<string, CageRule>();
  for (const rule of rules) {
    const known = byPath.get(rule.path);
    if (known === undefined || strength[rule.access] > strength[known.access]) byPath.set(rule.path, rule);
  }
  return [...byPath.values()].sort(byDepth);
}

/** The outer path first. */
export function byDepth(a: { path: string }, b: { path: string }): number {
  const depth = (path: string) => path.split('/').length;
  return depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1);
}

/**
 * How a policy lets a host be called: `example.com` allows every port, `example.com:8443` that one. `pattern`: by `*.example.com`
 * alone; whoever names hosts there may choose where they lead. Null: not at all.
 */
export function hostAllowance(
  hosts: readonly string[],
  host: string,
  port: number,
): 'named' | 'pattern' | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const matching = hosts.flatMap((allowed) => {
    const [, pattern = '', only] = /^(.*?)(?::(\d+))?$/.exec(allowed) ?? [];
    if (only !== undefined && Number(only) !== port) return [];
    if (pattern.startsWith('*.')) return name.endsWith(pattern.slice(1)) ? ['pattern' as const] : [];
    return name === pattern ? ['named' as const] : [];
  });
  return matching.includes('named') ? 'named' : (matching[0] ?? null);
}
