import { join } from 'node:path';
import type { BundlePredicate } from '@nx-wave/schemas';
import { readText } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import type { CheckoutRecord } from '../../edges/git/contracts';
import { runningFile } from '../../edges/store/attempts';
import { parseJson } from '../../core/parse-json';

/** Where the work of a started agent stands, so that another process can collect it when the runner has been killed. */
export interface RunningAttempt {
  schemaVersion: 1;
  /** What everything that the attempt started carries in its environment. */
  marker: string;
  checkout: CheckoutRecord;
  artifactPaths: string[];
  /** What the manifest will say, without the changes. */
  predicate: BundlePredicate;
}

/** In the folder of a checkout: the attempt that it belongs to. Only a note in both places counts. */
export const attemptNote = 'attempt.json';

/** The attempt that a folder of the scratch root says it belongs to, or null. */
export async function readAttemptNote(folder: string): Promise<string | null> {
  const note = parseJson(await readText(join(folder, attemptNote))) as
    { attemptFolder?: unknown } | undefined;
  return typeof note?.attemptFolder === 'string' ? note.attemptFolder : null;
}

export const forgetRunning = (attemptFolder: string) => removePath(join(attemptFolder, runningFile));

export async function readRunning(attemptFolder: string): Promise<RunningAttempt | null> {
  const value = parseJson(await readText(join(attemptFolder, runningFile))) as RunningAttempt | undefined;
  return value?.schemaVersion === 1 ? value : null;
}
