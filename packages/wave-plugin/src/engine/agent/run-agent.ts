import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { removePath } from '../../edges/files/remove';
import { readAgentInputs, type AgentInputs } from './agent-inputs';
import { readHandoff } from '../slices/gate-files';
import { failed, openAttempt, type AgentReport } from './attempt';
import { attemptHistory } from './attempt-history';
import { checkContext } from './check-context';
import { collectSlice } from './collect-slice';
import { judgeAttempt, refuse } from './judge-attempt';
import { launchAgent } from './launch-agent';
import { mayRun } from './may-run';
import { retryRead } from '../session/retry-read';
import { rescueAttempts } from './rescue-attempts';
import { reuseProof } from './reuse-proof';
import { noteRunning } from './note-running';
import { forgetRunning } from '../slices/attempt-note';
import type { Session } from '../session/session';
import { sliceOf } from '../slices/slices';
import { isGuess, verifyStored } from './verify-stored';
import { acquireWorkLease } from '../session/work-lease';
import { prepareCheckout, type PreparedCheckout } from './prepare-checkout';

/**
 * One agent to a proven slice, in the order of the design page: keys, lease, store, base, checkout, prompt, launch,
 * envelope, collect, verify, publish. A proof that exists is never paid again; work that exists is never thrown away.
 */
export async function runAgent(session: Session, agent: ResolvedAgent): Promise<AgentReport> {
  const { edges } = session;
  const inputs = await retryRead(edges, () => readAgentInputs(session, agent));
  // A handoff of an older spec must not be seen by a gate while this task is not done; one of this spec may be in use
  // by another command that launches the same wave.
  const handoff = await readHandoff(session, agent.unitId);
  if (!inputs.ok || !handoff.ok || handoff.value.workKey !== inputs.value.workKey) await forgetHandoff();
  if (!inputs.ok) return failed([inputs.error]);
  const kept = await reuseProof(session, agent, inputs.value);
  if (kept) return kept;

  const lease = await acquireWorkLease(session, agent.unitId, inputs.value.workKey);
  if (!lease.ok) return failed([lease.error]);
  try {
    const finished = await reuseProof(session, agent, inputs.value);
    if (finished) return finished;
    await forgetHandoff();
    await rescueAttempts(session, agent, inputs.value.workKey);
    return await runAttempt(session, agent, inputs.value, lease.value.marker);
  } finally {
    await lease.value.release();
  }

  function forgetHandoff(): Promise<void> {
    return removePath(session.at(session.paths.handoff(agent.unitId)));
  }
}

async function runAttempt(
  session: Session,
  agent: ResolvedAgent,
  inputs: AgentInputs,
  marker: string,
): Promise<AgentReport> {
  const { edges } = session;
  let history = await attemptHistory(session, agent, inputs);
  // Work that was collected before a crash, or proven for another acceptance, is verified again: that costs no tokens.
  for (const stored of history.verifyAgain) {
    const report = await verifyStored(session, agent, inputs, stored, marker);
    if (report === null) continue;
    const judged = report.state === 'failed' && report.attempt !== null;
    if (!judged || !isGuess(stored)) return report;
    edges.print(
      `not used: ${stored.manifest.predicate.proofBundleId} (${report.failures[0]?.message ?? 'refused'})`,
    );
    history = await attemptHistory(session, agent, inputs);
  }
  if (history.refusal) return failed([history.refusal]);
  const allowed = mayRun(session, agent, history.adapter);
  if (!allowed.ok) return failed([allowed.error]);

  const reserved = await session.attempts.reserve(
    session.wave.identity.project,
    agent.unitId,
    history.highest,
  );
  if (!reserved.ok) return failed([reserved.error]);
  const context = openAttempt(session, agent, inputs, marker, reserved.value);
  const opened = await prepareCheckout(
    session,
    agent,
    history.continueFrom ? sliceOf(history.continueFrom) : null,
    marker,
  );
  if (!opened.ok) return failed([opened.error], context.attempt);
  const prepared = opened.value;
  let collectable = true;
  try {
    const seen = await checkContext(session, agent, inputs, prepared);
    if (!seen.ok) return failed([seen.error], context.attempt);
    const noted = await noteRunning(context, prepared);
    if (!noted.ok) return failed([noted.error], context.attempt);
    const launched = await launchAgent(context, prepared, {
      continued: prepared.ownApplied,
      reasons: history.reasons,
    });
    if (!launched.ok) return failed([launched.error], context.attempt);
    if (!launched.value.started) return failed(launched.value.failures, context.attempt);
    const collected = await collectSlice(context, prepared, launched.value);
    if (!collected.ok) {
      collectable = false;
      return failed([...launched.value.failures, stillThere(collected.error, prepared)], context.attempt);
    }
    const failures = [...launched.value.failures, ...collected.value.refusals];
    if (failures.length > 0) {
      return await refuse(context, prepared, collected.value.slice, collected.value.bundle, { failures });
    }
    return await judgeAttempt(context, prepared, collected.value.slice, collected.value.bundle);
  } finally {
    await context.journal.flush();
    if (collectable) {
      // In this order: a note without its checkout would count as an attempt that was cut off.
      await forgetRunning(context.attemptFolder);
      await prepared.close();
    }
  }
}

/** Work that could not be made durable is left where it is, and the person is told where. */
function stillThere(error: Failure, { checkout }: PreparedCheckout): Failure {
  return {
    ...error,
    message: `${error.message} The files of the agent are still in ${checkout.workspaceDir}: the next launch takes them from there.`,
  };
}

/** An executor's answer to a defect: the report of a failure that nobody expected. */
export function reportDefect(error: unknown): AgentReport {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failed([failure('internal-error', detail, { next: 'Report this defect with the output above.' })]);
}
