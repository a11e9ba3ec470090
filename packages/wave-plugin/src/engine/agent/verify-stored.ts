import { describeSource } from '../../core/verify/proof-source';
import type { Bundle } from '../../edges/store/bundle';
import { failed, openAttempt, type AgentReport, type AgentRun, type AttemptContext } from './attempt';
import type { AttemptHistory } from './attempt-history';
import { reviveSlice } from './collect-slice';
import { judgeAttempt } from './judge-attempt';
import { sliceOf } from '../slices/slices';
import { prepareCheckout } from './prepare-checkout';

/**
 * Judges stored work again on today's base without running an agent. Null when it cannot be used any more (its patch
 * conflicts with the base): then the caller goes on.
 */
export async function verifyStored(
  run: AgentRun,
  stored: AttemptHistory['verifyAgain'][number],
): Promise<AgentReport | null> {
  const from = stored.manifest.predicate;
  const { origin = 'this-machine' } = stored;
  const made = origin === 'this-machine' ? '' : `; from: ${describeSource({ origin, provedHere: false })}`;
  run.session.edges.print(`verifying again: ${from.proofBundleId} (no agent runs${made})`);
  const opened = await prepareCheckout(run, sliceOf(stored));
  if (!opened.ok) return failed([opened.error]);
  try {
    if (!opened.value.ownApplied) return null;
    const begun = await openAttempt(run, from.attempt);
    if (!begun.ok) return failed([begun.error]);
    const context: AttemptContext = {
      ...begun.value,
      verified: {
        from: from.proofBundleId,
        digest: stored.proofDigest,
        elsewhere: stored.foreign === true,
      },
    };
    context.journal.record('attempt.verified-again', { from: from.proofBundleId });
    const report = await judgeAttempt(context, opened.value, {
      slice: reviveSlice(opened.value.startTree, stored),
      bundle: stored,
    });
    await context.journal.flush();
    return report;
  } finally {
    await opened.value.close();
  }
}

/** Work of which nobody knew whether it is finished, or whether it is any good: refusing it answers no question. */
export function isGuess(stored: Bundle & { foreign?: boolean }): boolean {
  return stored.foreign === true || stored.manifest.predicate['interrupted'] === true;
}
