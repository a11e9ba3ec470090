import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Waits until the clock that dates files has gone on, which is coarser than that of programs, and gives its time in milliseconds: later
 * than everything that was written before, and no later than what is written next.
 */
export function nextFileTime(): number {
  const folder = mkdtempSync(join(tmpdir(), 'nx-wave-clock-'));
  const probe = join(folder, 'probe');
  const dated = () => {
    writeFileSync(probe, '');
    return statSync(probe).mtimeMs;
  };
  const from = dated();
  let now = from;
  while (now <= from) now = dated();
  rmSync(folder, { recursive: true });
  return now;
}
