import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function canWrite(folder: string): boolean {
  const probe = join(folder, 'probe');
  try {
    writeFileSync(probe, '');
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}

function mount(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a folder that nobody can write to: by its mode, for the administrator by a read-only mount, and where neither
 * stops this user by a file of that name. Answers with the way back.
 */
export function makeUnwritable(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o555);
  if (!canWrite(folder)) return () => chmodSync(folder, 0o755);
  if (mount(folder, 'ro')) return () => void execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  return () => rmSync(folder);
}

/**
 * Leaves `size` of space in the state root; where this user may not mount a small disk, its results cannot be written at
 * all. `code` is what a run is to say then; `free` gives the space back.
 */
export function limitDisk(folder: string, size: string): { code: string; free(): void } {
  mkdirSync(folder, { recursive: true });
  if (mount(folder, `size=${size}`)) {
    return { code: 'disk-full', free: () => void execFileSync('umount', [folder]) };
  }
  const blocked = join(folder, 'main-wave-launcher', 'results');
  mkdirSync(dirname(blocked), { recursive: true });
  writeFileSync(blocked, '');
  return { code: 'state-unwritable', free: () => rmSync(blocked) };
}
