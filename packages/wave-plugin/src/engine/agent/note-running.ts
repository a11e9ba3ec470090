import { join } from 'node:path';
import type { Result } from '@nx-wave/schemas/plain';
import { writeDurable, writeUnflushed } from '../../edges/files/write-file';
import { runningFile } from '../../edges/store/attempts';
import { artifactPathsOf } from './collect-slice';
import { describeAttempt } from './record-attempt';
import { claimOf, type AttemptContext } from './attempt';
import type { PreparedCheckout } from './prepare-checkout';
import { type RunningAttempt, attemptNote } from '../slices/attempt-note';

/** Notes an attempt right before its agent starts. */
export async function noteRunning(
  context: AttemptContext,
  prepared: PreparedCheckout,
): Promise<Result<void>> {
  const { session, agent } = context;
  const checkout = session.edges.git.recordCheckout(prepared.checkout);
  if (!checkout.ok) return checkout;
  const running: RunningAttempt = {
    schemaVersion: 1,
    marker: context.marker,
    checkout: { ...checkout.value, checkout: { ...checkout.value.checkout, baseTree: prepared.base.tree } },
    artifactPaths: artifactPathsOf(session, agent),
    predicate: describeAttempt({
      ...context,
      executor: { id: agent.executor.id, model: agent.executor.model },
      slice: { tree: prepared.base.tree, changes: [], artifacts: [], artifactDir: null },
      baseTree: prepared.base.tree,
      parents: prepared.upstream,
      usage: null,
      proofCommands: [],
      envelope: null,
      failures: [],
      state: 'collected',
      ...claimOf(context),
    }),
  };
  const noted = await writeDurable(join(context.attemptFolder, runningFile), JSON.stringify(running));
  if (!noted.ok) return noted;
  const note = JSON.stringify({ attemptFolder: context.attemptFolder });
  return writeUnflushed(join(prepared.home, attemptNote), note);
}
