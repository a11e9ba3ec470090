import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const shared = '/dev/shm';
/** Bytes that must be free; the everyday tests use less than half of it. */
const room = 4 * 2 ** 30;

/**
 * A folder in memory for the temporary files of tests, where nothing waits for a disk; removed when this process ends. Null where
 * the machine has no such place, no room in it, forbids programs there, or where a person has chosen a place (`TMPDIR`).
 */
export function makeMemoryFolder() {
  if (process.platform !== 'linux' || process.env.TMPDIR) return null;
  try {
    const { bavail, bsize } = statfsSync(shared);
    if (Math.min(bavail * bsize, freemem(), process.constrainedMemory() || Infinity) < room) return null;
    const folder = mkdtempSync(join(shared, 'nx-wave-tests-'));
    // As in /tmp, who knows a path below may go there: tests of permissions give theirs to another user.
    chmodSync(folder, 0o711);
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    execFileSync(program, { stdio: 'ignore' });
    return folder;
  } catch {
    return null;
  }
}
