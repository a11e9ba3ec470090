import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lease, in terms that tell a living owner from a reused pid, a reboot and another machine. */
export interface Owner {
  pid: number;
  /** Kernel start time of the process; opaque. */
  startTime: string;
  bootId: string;
  host: string;
  /** Process id namespace: pids of another container mean nothing here. */
  pidSpace: string;
}

export type Liveness = 'alive' | 'dead' | 'unknown';

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Start time of a process, or null when there is none. Linux reads /proc, other systems ask ps. */
export function processStartTime(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = readOrEmpty(`/proc/${pid}/stat`);
    if (stat === '') return null;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended: nothing will ever release what it holds.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  }
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
}

function pidSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

export function currentOwner(): Owner {
  return ownerOf(process.pid);
}

/** A process of this machine as an owner. */
export function ownerOf(pid: number): Owner {
  return {
    pid,
    startTime: processStartTime(pid) ?? '',
    bootId: readOrEmpty('/proc/sys/kernel/random/boot_id'),
    host: hostname(),
    pidSpace: pidSpace(),
  };
}

/** No clock is asked: a stopped or slow owner is alive, a killed one is dead at once. */
export function livenessOf(owner: Owner, here: Owner): Liveness {
  if (owner.host !== here.host) return 'unknown';
  if (owner.bootId !== here.bootId) return 'dead';
  if (owner.pidSpace !== here.pidSpace) return 'unknown';
  return processStartTime(owner.pid) === owner.startTime ? 'alive' : 'dead';
}
