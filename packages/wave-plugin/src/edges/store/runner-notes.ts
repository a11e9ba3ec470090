import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, sha256 } from '@nx-wave/schemas/plain';

/**
 * What runners of this person on this machine have written where others must not: a mark for each place and content, made
 * before the file is. Whoever looks at such a place later can tell a change that a runner made from one that none made.
 */
export interface RunnerNotes {
  /** Notes a file that is about to be written. `path` is absolute. Never fails: what is not noted is told, not lost. */
  note(path: string, content: string | Uint8Array): void;
  /** Whether what stands there is what a runner has written there. True where nothing stands any more. */
  isNoted(path: string): boolean;
  /** Forgets what is older than any run that could ask for it. */
  sweep(nowMs: number): void;
}

/** Longer than any attempt runs. */
const keptMs = 14 * 24 * 3_600_000;

/** `folder`: private to this user, the same for all their runners. */
export function openRunnerNotes(folder: string): RunnerNotes {
  const markOf = (path: string, content: string | Uint8Array) =>
    join(folder, digestOf({ path, content: sha256(content) }));
  return {
    note(path, content) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(markOf(path, content), '');
      } catch {
        // Its folder may be full or forbidden: then the file cannot be written either, or its change is told.
      }
    },
    isNoted(path) {
      try {
        return existsSync(markOf(path, readFileSync(path)));
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT';
      }
    },
    sweep(nowMs) {
      try {
        for (const name of readdirSync(folder)) {
          const path = join(folder, name);
          if (nowMs - statSync(path).mtimeMs > keptMs) rmSync(path, { force: true });
        }
      } catch {
        // Another runner sweeps at the same time, or nothing was noted yet.
      }
    },
  };
}
