import type { ResolvedAgent } from '../../core/model';
import type { Bundle } from '../../edges/store/bundle';
import type { AgentInputs } from './agent-inputs';
import { failed, openAttempt, type AgentReport, type AttemptContext } from './attempt';
import { reviveSlice } from './collect-slice';
import { judgeAttempt } from './judge-attempt';
import type { Session } from '../session/session';
import { sliceOf } from '../slices/slices';
import { prepareCheckout } from './prepare-checkout';

/**
 * Judges stored work again on today's base without running an agent. Null when it cannot be used any more (its patch
 * conflicts with the base): then the caller goes on.
 */
export async function verifyStored(
  session: Session,
  agent: ResolvedAgent,
  inputs: AgentInputs,
  stored: Bundle & { foreign?: boolean },
  marker: string,
): Promise<AgentReport | null> {
  const { edges } = session;
  const from = stored.manifest.predicate;
  edges.print(`verifying again: ${from.proofBundleId} (no agent runs)`);
  const opened = await prepareCheckout(session, agent, sliceOf(stored), marker);
  if (!opened.ok) return failed([opened.error]);
  try {
    if (!opened.value.ownApplied) return null;
    const revived = reviveSlice(opened.value.startTree, stored);
    const reserved = await session.attempts.reserve(
      session.wave.identity.project,
      agent.unitId,
      from.attempt,
    );
    if (!reserved.ok) return failed([reserved.error]);
    const context: AttemptContext = {
      ...openAttempt(session, agent, inputs, marker, reserved.value),
      verified: {
        from: from.proofBundleId,
        digest: stored.proofDigest,
        elsewhere: stored.foreign === true,
      },
    };
    context.journal.record('attempt.verified-again', { from: from.proofBundleId });
    const report = await judgeAttempt(context, opened.value, revived, stored);
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
