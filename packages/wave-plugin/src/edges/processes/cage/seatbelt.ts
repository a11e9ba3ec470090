import { loadPeer } from '../../load-package';
import type { CagePolicy } from '../../../core/cage/cage-policy';
import type { CageFound } from '../../../core/cage/hold-cage';
import type { CagedStart, ProgramStart } from './contracts';
import { findProgram } from './find-program';

/** What is used of `@anthropic-ai/sandbox-runtime`; it is an optional peer and loaded only where it makes the cage. */
export interface SandboxRuntime {
  SandboxManager: {
    initialize(config: SandboxConfig): Promise<void>;
    wrapWithSandbox(command: string, shell?: string, config?: SandboxConfig): Promise<string>;
  };
}

/** The part of its configuration that a policy becomes. */
export interface SandboxConfig {
  filesystem: { denyRead: string[]; allowRead: string[]; allowWrite: string[]; denyWrite: string[] };
  network: {
    allowedDomains?: string[];
    deniedDomains: string[];
    allowLocalBinding: boolean;
    allowUnixSockets: string[];
  };
}

const packageName = '@anthropic-ai/sandbox-runtime';
const load = () => loadPeer(packageName) as Promise<SandboxRuntime>;
let started: Promise<SandboxRuntime> | undefined;

/** macOS has the cage itself; the package drives it. */
export async function findSeatbelt(loader: () => Promise<SandboxRuntime> = load): Promise<CageFound> {
  try {
    await loader();
    return { kind: 'sandbox-exec', version: null, network: true, next: null };
  } catch {
    return {
      kind: 'none',
      why: `the package ${packageName} is not installed`,
      next: `npm install --save-dev ${packageName}`,
    };
  }
}

/** Codes: those of the system where the program is not there. */
export async function encloseBySeatbelt(
  start: ProgramStart,
  policy: CagePolicy,
  loader: () => Promise<SandboxRuntime> = load,
): Promise<CagedStart | { errorCode: string }> {
  const program = findProgram(start.command, start);
  if ('errorCode' in program) return program;
  const config = seatbeltConfig(policy);
  started ??= loader().then(async (runtime) => {
    await runtime.SandboxManager.initialize(config);
    return runtime;
  });
  const { SandboxManager } = await started;
  const line = [program.path, ...start.args].map(quoteWord).join(' ');
  const wrapped = await SandboxManager.wrapWithSandbox(`exec ${line}`, '/bin/sh', config);
  return {
    command: '/bin/sh',
    args: ['-c', `exec ${wrapped}`],
    env: start.env,
    guarded: false,
    close: async () => [],
  };
}

/** A policy in the terms of the package. Loopback is open where it may be used at all: single ports cannot be told apart. */
export function seatbeltConfig({ rules, network }: CagePolicy): SandboxConfig {
  const pathsOf = (access: string) => rules.filter((one) => one.access === access).map(({ path }) => path);
  return {
    filesystem: {
      denyRead: pathsOf('none'),
      allowRead: [...pathsOf('read'), ...pathsOf('write')].filter((path) => isBelow(path, pathsOf('none'))),
      allowWrite: pathsOf('write'),
      denyWrite: [...pathsOf('none'), ...pathsOf('read').filter((path) => isBelow(path, pathsOf('write')))],
    },
    network: {
      ...(network.open ? {} : { allowedDomains: network.hosts.map((host) => host.replace(/:\d+$/, '')) }),
      deniedDomains: [],
      allowLocalBinding: true,
      allowUnixSockets: pathsOf('write'),
    },
  };
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((one) => path.startsWith(`${one}/`));
}

/** A word that a POSIX shell reads as it stands. */
function quoteWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
