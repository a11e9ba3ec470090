import { lstatSync, readFileSync, readdirSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { UseLimits } from './contracts';

/** What a program has used more of than it may, in words: `limits.memoryMb`, the limit and what was seen. */
export type Exceeded = string;

export interface UseWatch {
  /** Looks once at these processes, and at the folder where that is due. */
  look(pids: readonly number[]): Exceeded | null;
}

const mib = 1024 * 1024;
/** A walk through a checkout takes at most this part of the time. */
const walkShare = 20;

/**
 * Watches what a program and everything it has started use: memory that is theirs alone, processes, and what was written in
 * `folder` since the start. A limit that is null is nine tenths of what the machine has: of its memory, and of the room on
 * the disk at the start. Memory is looked at on Linux alone.
 */
export function createUseWatch(limits: UseLimits): UseWatch {
  const { folder } = limits;
  const startedAtMs = Date.now();
  const roomMb = freeMb(folder);
  const memoryMb = limits.memoryMb ?? memoryShareMb();
  const diskMb = limits.diskMb ?? (roomMb === null ? null : Math.floor(roomMb * 0.9));
  let nextWalkMs = 0;

  /** Only where the disk has become fuller by so much can this be the reason; a limit that somebody has set is always looked at. */
  const mayHaveFilled = (): boolean => {
    if (diskMb === null || Date.now() < nextWalkMs) return false;
    if (limits.diskMb !== null) return true;
    const free = freeMb(folder);
    return free !== null && roomMb !== null && roomMb - free >= diskMb;
  };
  const writtenMb = (): number => {
    const before = performance.now();
    const bytes = writtenSince(folder, startedAtMs);
    nextWalkMs = Date.now() + Math.max(2_000, (performance.now() - before) * walkShare);
    return Math.floor(bytes / mib);
  };

  return {
    look(pids) {
      if (pids.length > limits.processes)
        return `limits.processes allows ${limits.processes} processes at once, and ${pids.length} were there`;
      const usedMb = Math.floor(pids.reduce((sum, pid) => sum + ownMemory(pid), 0) / mib);
      if (usedMb > memoryMb)
        return `limits.memoryMb allows ${memoryMb} MiB of memory, and ${usedMb} were used`;
      if (!mayHaveFilled() || diskMb === null) return null;
      const filledMb = writtenMb();
      return filledMb > diskMb
        ? `limits.diskMb allows ${diskMb} MiB in its checkout, and ${filledMb} were written`
        : null;
    },
  };
}

/** Nine tenths of the memory that the machine, or the container around this process, has, in MiB. */
export function memoryShareMb(): number {
  const constrained = process.constrainedMemory();
  const all = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return Math.floor((all * 0.9) / mib);
}

/** Bytes that a process shares with no file: its own and what it shares as memory. 0 where it is gone, or nobody says. */
function ownMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return ['RssAnon', 'RssShmem'].reduce(
      (sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024,
      0,
    );
  } catch {
    return 0;
  }
}

function freeMb(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Math.floor((bavail * bsize) / mib);
  } catch {
    return null;
  }
}

/** Bytes on disk of files that were changed since a time, links not followed. No program can set the change time. */
function writtenSince(folder: string, sinceMs: number): number {
  let bytes = 0;
  const todo = [folder];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    const parent = at;
    for (const entry of entriesOf(parent)) {
      const path = join(parent, entry.name);
      if (entry.isDirectory()) todo.push(path);
      else if (entry.isFile()) {
        const stat = lstatSync(path, { throwIfNoEntry: false });
        if (stat !== undefined && stat.ctimeMs >= sinceMs) bytes += stat.blocks * 512;
      }
    }
  }
  return bytes;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
