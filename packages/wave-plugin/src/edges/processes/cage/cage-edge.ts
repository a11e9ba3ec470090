import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boundSockets, hideSockets } from '../../../core/cage/bound-sockets';
import type { CagePolicy } from '../../../core/cage/cage-policy';
import type { CageFound } from '../../../core/cage/hold-cage';
import { showProgram } from '../../../core/cage/program-folders';
import { runToEnd } from '../start-program';
import { bridgedWords } from './bridge';
import { bubblewrapArguments, canSize, fixedFlags } from './bubblewrap';
import type { CageEdge, CagedStart, ProgramStart } from './contracts';
import { findProgram } from './find-program';
import { openGateway } from './gateway';
import { mountsOf } from './mounts';
import { encloseBySeatbelt, findSeatbelt } from './seatbelt';

export interface CageEdgeOptions {
  /** The environment of the command: where the programs of a cage are looked for, and the person's own proxy. */
  env: Readonly<Record<string, string | undefined>>;
  /** A private folder of this user. */
  folder: string;
  platform?: NodeJS.Platform;
}

/** The cages of this machine: bubblewrap on Linux, sandbox-exec on macOS, none elsewhere. */
export function createCageEdge(options: CageEdgeOptions): CageEdge {
  const { platform = process.platform } = options;
  let found: Promise<CageFound> | undefined;
  const find = () => (found ??= look());
  const look = (): Promise<CageFound> =>
    platform === 'linux'
      ? findBubblewrap(options)
      : platform === 'darwin'
        ? findSeatbelt()
        : Promise.resolve({
            kind: 'none',
            why: `there is none for ${platform}`,
            next: 'Run the launch in a container or a virtual machine where that matters.',
          });
  return {
    find,
    enclose: async (start, policy) => {
      if (platform === 'darwin') return encloseBySeatbelt(start, policy);
      const cage = await find();
      const version = cage.kind === 'none' ? null : cage.version;
      return encloseByBubblewrap({ ...options, version }, start, policy);
    },
  };
}

/** A program of a cage on the person's PATH, or null. */
function programOf({ env }: CageEdgeOptions, name: string): string | null {
  const found = findProgram(name, { cwd: '/', env: { PATH: env['PATH'] ?? '' } });
  return 'path' in found ? found.path : null;
}

const install = 'apt-get install bubblewrap socat (Debian, Ubuntu), dnf install bubblewrap socat (Fedora).';

/** What bubblewrap needs may be forbidden by the kernel or a container: it is tried, not assumed. */
async function findBubblewrap(options: CageEdgeOptions): Promise<CageFound> {
  const bwrap = programOf(options, 'bwrap');
  if (bwrap === null)
    return { kind: 'none', why: 'bwrap is not on PATH', next: `Install bubblewrap: ${install}` };
  const at = { cwd: '/', env: { PATH: '/usr/bin:/bin' } };
  const tried = await runToEnd(bwrap, [...fixedFlags, '--unshare-net', '--', '/bin/sh', '-c', 'true'], at);
  if ('errorCode' in tried || tried.code !== 0) {
    const said = 'errorCode' in tried ? tried.message : tried.stderr.toString().trim().split('\n')[0];
    return {
      kind: 'none',
      why: `bwrap cannot start here: ${said}`,
      next: 'Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu 24.04 and later an AppArmor profile for bwrap); in a container, start it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined.',
    };
  }
  const told = await runToEnd(bwrap, ['--version'], at);
  const version = 'errorCode' in told ? null : (/\d[\d.]*/.exec(told.stdout.toString())?.[0] ?? null);
  const network = programOf(options, 'socat') !== null;
  return { kind: 'bubblewrap', version, network, next: network ? null : `Install socat: ${install}` };
}

async function encloseByBubblewrap(
  options: CageEdgeOptions & { version: string | null },
  start: ProgramStart,
  { rules, network, privateMb }: CagePolicy,
): Promise<CagedStart | { errorCode: string }> {
  const program = findProgram(start.command, start);
  if ('errorCode' in program) return program;
  const bwrap = programOf(options, 'bwrap') ?? 'bwrap';
  const socat = programOf(options, 'socat');
  const calls = network.open ? 0 : network.hosts.length + network.ports.length;
  const gateway =
    network.open || calls === 0 || socat === null
      ? null
      : await openGateway({ ...network, upstream: upstreamOf(options.env) });
  const empty = { file: join(options.folder, 'empty') };
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  writeFileSync(empty.file, '');
  const words = [start.command.includes('/') ? program.path : start.command, ...start.args];
  return {
    command: bwrap,
    args: bubblewrapArguments({
      mounts: mountsOf(hideSockets(showProgram(rules, program.path), socketsHere())),
      cwd: start.cwd,
      privateMb: canSize(options.version) ? privateMb : null,
      sharesNetwork: network.open || (calls > 0 && socat === null),
      empty,
      sockets: gateway?.sockets ?? [],
      words: bridgedWords(gateway?.bridges ?? [], socat ?? '', words),
    }),
    env: { ...start.env, ...gateway?.env },
    guarded: true,
    close: async () => (await gateway?.close()) ?? [],
  };
}

/** Sockets with a path, of whoever listens now. */
function socketsHere(): string[] {
  try {
    return boundSockets(readFileSync('/proc/net/unix', 'utf8'));
  } catch {
    return [];
  }
}

function upstreamOf(env: CageEdgeOptions['env']): URL | null {
  const named = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']
    .map((name) => env[name])
    .find((value) => value !== undefined && value !== '');
  const url = named !== undefined && URL.canParse(named) ? new URL(named) : null;
  return url?.protocol === 'http:' ? url : null;
}
