import * as fs from '../files/at-once';
import { join } from 'node:path';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { flush, makeDurableFolder } from '../files/flush';
import { describeWriteError, errorCode } from '../files/io-errors';
import { namesIn } from '../files/list-folder';
import { readText } from '../files/read-file';
import { bundleFiles, readBundle, type Bundle } from './bundle';

/** The bundle of an attempt whose end is known, and what was collected before it was judged. */
export const attemptFolders = { final: 'bundle', collected: 'collected' } as const;

/** In the folder of an attempt from before its agent starts until its work is collected: where that work stands. */
export const runningFile = 'running.json';

/** Every attempt of every agent, failed ones too: `<root>/<project>/<unit>/attempt-<n>/bundle`. */
export interface AttemptStore {
  /** Reserves the next number for good; two processes never get the same. `atLeast` is the highest number seen elsewhere. */
  reserve(
    project: string,
    unitId: string,
    atLeast: number,
  ): Promise<Result<{ attempt: number; folder: string }>>;
  /**
   * All readable attempts, oldest first, each as far as it came: one that crashed while it was judged still has what
   * was collected. A reserved number whose run left nothing is skipped.
   */
  list(project: string, unitId: string): Promise<(Bundle & { attempt: number })[]>;
  /** Every wave and agent that has attempts, sorted. */
  everyone(): Promise<{ project: string; unitId: string }[]>;
  /** Attempts whose agent was started and whose work nobody has collected, oldest first: running ones, or lost ones. */
  uncollected(project: string, unitId: string): Promise<{ attempt: number; folder: string }[]>;
}

const attemptName = /^attempt-(\d+)$/;

export function openAttemptStore(root: string): AttemptStore {
  const folderOf = (project: string, unitId: string) => join(root, project, unitId);
  return {
    async reserve(project, unitId, atLeast) {
      const folder = folderOf(project, unitId);
      try {
        await makeDurableFolder(folder);
        for (let attempt = Math.max(atLeast, ...(await attemptNumbers(folder)), 0) + 1; ; attempt += 1) {
          try {
            const path = join(folder, `attempt-${attempt}`);
            await fs.mkdir(path);
            // What is collected in it later has to be found again.
            await flush(folder);
            return ok({ attempt, folder: path });
          } catch (error) {
            if (errorCode(error) !== 'EEXIST') throw error;
          }
        }
      } catch (error) {
        return err<Failure>(describeWriteError(folder, error));
      }
    },
    async list(project, unitId) {
      const folder = folderOf(project, unitId);
      const found: (Bundle & { attempt: number })[] = [];
      for (const attempt of await attemptNumbers(folder)) {
        for (const name of [attemptFolders.final, attemptFolders.collected]) {
          const bundle = await readBundle(join(folder, `attempt-${attempt}`, name));
          if (!bundle.ok) continue;
          found.push({ ...bundle.value, attempt });
          break;
        }
      }
      return found;
    },
    async everyone() {
      const found: { project: string; unitId: string }[] = [];
      for (const project of (await namesIn(root)).sort())
        for (const unitId of (await namesIn(join(root, project))).sort()) found.push({ project, unitId });
      return found;
    },
    async uncollected(project, unitId) {
      const found: { attempt: number; folder: string }[] = [];
      for (const attempt of await attemptNumbers(folderOf(project, unitId))) {
        const folder = join(folderOf(project, unitId), `attempt-${attempt}`);
        if (await isUncollected(folder)) found.push({ attempt, folder });
      }
      return found;
    },
  };
}

/** Whether an attempt has a note of its start and neither a bundle nor collected work. */
export async function isUncollected(folder: string): Promise<boolean> {
  if ((await readText(join(folder, runningFile))) === null) return false;
  for (const name of Object.values(attemptFolders))
    if ((await readText(join(folder, name, bundleFiles.manifest))) !== null) return false;
  return true;
}

async function attemptNumbers(folder: string): Promise<number[]> {
  return (await namesIn(folder))
    .map((name) => attemptName.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}
