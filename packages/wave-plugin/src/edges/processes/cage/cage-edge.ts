import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boundSockets, socketsToHide } from '../../../core/cage/bound-sockets';
import { byDepth, type CagePolicy, type CageRule } from '../../../core/cage/cage-policy';
import type { CageFound } from '../../../core/cage/hold-cage';
import { showProgram } from '../../../core/cage/program-folders';
import { runToEnd } from '../start-program';
import { bridgedWords } from './bridge';
import { bubblewrapArguments, canSize, fixedFlags } from './bubblewrap';
import type { CageEdge, CagedStart, NotCaged, ProgramStart } from './contracts';
import { findProgram } from './find-program';
import { openGateway } from './gateway';
import { mountsOf, type Mount } from './mounts';
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
      try {
        if (platform === 'darwin') return await encloseBySeatbelt(start, policy);
        const cage = await find();
        const version = cage.kind === 'none' ? null : cage.version;
        return await encloseByBubblewrap({ ...options, version }, start, policy);
      } catch (error) {
        return { cageProblem: error instanceof Error ? error.message : String(error) };
      }
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
  const trial = ['--unshare-net', '--json-status-fd', '2', '--', '/bin/sh', '-c', 'true'];
  const tried = await runToEnd(bwrap, [...fixedFlags, ...trial], at);
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
): Promise<CagedStart | NotCaged> {
  const program = findProgram(start.command, start);
  if ('errorCode' in program) return program;
  const bwrap = programOf(options, 'bwrap');
  // Never by its name: the PATH of the program has folders that an agent may write.
  if (bwrap === null) return { cageProblem: 'bwrap is no longer on PATH' };
  const socat = programOf(options, 'socat');
  const calls = network.open ? 0 : network.hosts.length + network.ports.length;
  const empty = { file: join(options.folder, 'empty') };
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  writeFileSync(empty.file, '');
  const gateway =
    network.open || calls === 0 || socat === null
      ? null
      : await openGateway({ ...network, upstream: upstreamOf(options.env) });
  const words = [start.command.includes('/') ? program.path : start.command, ...start.args];
  return {
    command: bwrap,
    args: bubblewrapArguments({
      mounts: mountsWithoutSockets(showProgram(rules, program.path)),
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

/** The mounts of a policy, with the sockets hidden that whoever listens now has where files can be read. */
function mountsWithoutSockets(rules: readonly CageRule[]): Mount[] {
  const mounts = mountsOf(rules);
  const hidden = socketsToHide(mounts, socketsHere());
  const added = hidden.map((path): Mount => ({ path, access: 'none', isFolder: false }));
  return [...mounts, ...added].sort(byDepth);
}

/** Real paths of sockets, of whoever listens now. One that is gone already needs no hiding. */
function socketsHere(): string[] {
  try {
    const real = boundSockets(readFileSync('/proc/net/unix', 'utf8')).flatMap((path) => {
      try {
        return [realpathSync(path)];
      } catch {
        return [];
      }
    });
    return [...new Set(real)];
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
