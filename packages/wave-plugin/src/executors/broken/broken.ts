import { type ExecutorContext } from '@nx/devkit';
import { describeFailure } from '../../core/views/describe-failure';
import { readWave } from '../../engine/session';
import { waveMetadata } from '../open-wave';

/** Fails with everything that is wrong in a wave file, all at once. */
export default async function brokenExecutor(
  _options: { path: string },
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const metadata = waveMetadata(context);
  const read =
    metadata === null
      ? null
      : await readWave({ workspaceRoot: context.root, wavePath: metadata.path, include: metadata.include });
  const failures = read === null || read.ok ? [] : read.error;
  for (const failure of failures) process.stderr.write(`${describeFailure(failure)}\n`);
  if (read?.ok) process.stderr.write('The wave file is well-formed by now: run the command again.\n');
  return { success: false };
}
