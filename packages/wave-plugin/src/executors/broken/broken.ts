import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { readWave } from '../../engine/session/session';
import { createRedactor } from '../../edges/processes/redact';
import { waveMetadata } from '../open-wave';
import { complain, complainOf, printTo } from '../terminal';

export interface BrokenOptions {
  path: string;
  /** Prints the report as JSON. */
  json?: boolean;
}

/** Fails with everything that is wrong in a wave file or in settings that reach its targets, all at once. */
export default async function brokenExecutor(
  { json }: BrokenOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const metadata = waveMetadata(context);
  const read =
    metadata === null
      ? null
      : await readWave({ workspaceRoot: context.root, wavePath: metadata.path, include: metadata.include });
  const settings = (metadata?.settings ?? []).filter(({ severity }) => severity === 'error');
  const failures = [...(read === null || read.ok ? [] : read.error), ...settings];
  if (json === true) printTo(createRedactor({ env: {} }))(canonicalJson({ failures }));
  else complainOf(failures, context);
  if (read?.ok && failures.length === 0)
    complain('The wave file is well-formed by now: run the command again.');
  return { success: false };
}
