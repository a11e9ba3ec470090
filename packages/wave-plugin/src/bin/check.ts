import { resolve } from 'node:path';
import { terminalText } from '../core/terminal-text';
import { describeFailures } from '../core/views/describe-failure';
import { watchFile } from '../edges/files/watch-file';
import { checkWaveFile } from '../engine/lane/check-wave-file';

/**
 * Prints what is wrong in a wave file of the workspace in the current folder; exit code 1 where that is an error. `again`: also
 * after each change of it, in the order of the changes, until the process is ended.
 */
export async function checkAndTell(file: string, again: boolean): Promise<void> {
  let told = Promise.resolve();
  // Before it is read: what is saved meanwhile is seen.
  if (again) watchFile(resolve(file), () => (told = told.then(() => tell(file))));
  await (told = tell(file));
}

async function tell(file: string): Promise<void> {
  const found = await checkWaveFile(process.cwd(), file);
  const text = found.length === 0 ? `${file}: nothing to say` : describeFailures(found);
  process.stdout.write(`${terminalText(text)}\n`);
  process.exitCode = found.some(({ severity }) => severity === 'error') ? 1 : 0;
}
