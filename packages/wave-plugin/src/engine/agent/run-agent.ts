import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { describeFailure } from '../../core/views/describe-failure';
import { failureOfThrown } from '../../edges/files/io-errors';
import { removePath } from '../../edges/files/remove';
import { readAgentInputs, type AgentInputs, type InputsOptions } from './agent-inputs';
import { readHandoff } from '../slices/gate-files';
import { failed, openAttempt, type AgentReport, type AgentRun, type AttemptContext } from './attempt';
import { attemptHistory, type AttemptHistory } from './attempt-history';
import { contextMoved } from './context-moved';
import { checkContext } from './check-context';
import { drain, keepCheckpoints, prepareStart } from './checkpoints';
import { collectSlice } from './collect-slice';
import { judgeAttempt, refuse } from './judge-attempt';
import { launchAgent } from './launch-agent';
import { letIn } from './let-in';
import { mayRun, refuseWithoutCage } from './may-run';
import { secretsAgainst } from './prove-slice';
import { refuseAboveForecast } from './forecast-costs';
import { refuseHeldOut } from './refuse-held-out';
import { refuseIgnored } from './refuse-ignored';
import { refuseMissingContent } from './refuse-missing-content';
import { refusePrograms } from './refuse-programs';
import { retryRead } from '../session/retry-read';
import { rescueAttempts } from './rescue-attempts';
import { provenElsewhere } from './proven-elsewhere';
import { reuseProof } from './reuse-proof';
import { noteRunning } from './note-running';
import { forgetRunning } from '../slices/attempt-note';
import { whyRunAgain } from './what-changed';
import { tellLive } from '../session/live-note';
import type { Session } from '../session/session';
import { watchAgent } from './watch-outside';
import { isGuess, verifyStored } from './verify-stored';
import { underSharedClaim } from './under-shared-claim';
import { acquireWorkLease } from '../session/work-lease';
import type { PreparedCheckout } from './prepare-checkout';

/**
 * One agent to a proven slice, in the order of the design page: keys, lease, store, base, checkout, prompt, launch,
 * envelope, collect, verify, publish. A proof that exists is never paid again; work that exists is never thrown away.
 */
export async function runAgent(
  session: Session,
  agent: ResolvedAgent,
  options: InputsOptions = { context: 'stored' },
): Promise<AgentReport> {
  const { edges } = session;
  const read = await retryRead(edges, () => readAgentInputs(session, agent, options));
  // A handoff of an older spec must not be seen by a gate while this task is not done; one of this spec may be in use
  // by another command that launches the same wave.
  const handoff = await readHandoff(session, agent.unitId);
  if (!read.ok || !handoff.ok || handoff.value.workKey !== read.value.workKey) await forgetHandoff();
  if (!read.ok) return failed([read.error]);
  const present = read.value;
  tellMoved(present);
  const kept = await reuseProof(session, agent, present);
  if (kept) return kept;
  const chosen = await provenElsewhere(session, agent, { present, ...options });
  if (!chosen.ok) return failed([chosen.error]);
  const inputs = chosen.value;
  if (inputs !== present) tellMoved(inputs);

  const lease = await acquireWorkLease(session, agent.unitId, inputs.workKey);
  if (!lease.ok) return failed([lease.error]);
  try {
    const finished = await reuseProof(session, agent, inputs);
    if (finished) return finished;
    await forgetHandoff();
    const uncollected = await rescueAttempts(session, agent, inputs.workKey);
    if (uncollected.length > 0) return failed(uncollected);
    const run = { session, agent, inputs, marker: lease.value.marker };
    const report = await paidOnce(run);
    if (report !== null) return report;
  } finally {
    await lease.value.release();
  }
  // What was stored for an earlier context does not hold: an agent works for the context that it is given.
  return runAgent(session, agent, { context: 'present' });

  function tellMoved(keys: AgentInputs): void {
    if (keys.moved.length > 0) edges.print(describeFailure(contextMoved(session, agent, keys)));
  }

  function forgetHandoff(): Promise<void> {
    return removePath(session.at(session.paths.handoff(agent.unitId)));
  }
}

/** Over all machines where they share a store, else on this one alone. */
function paidOnce(run: AgentRun): Promise<AgentReport | null> {
  const { shared } = run.session;
  return shared === null ? proveOrRun(run) : underSharedClaim(shared, run, proveOrRun);
}

/**
 * Stored work that may still prove costs no tokens and comes first; only then an agent may run. Null where it has to and
 * the keys are those of an earlier context, which it would not see.
 */
async function proveOrRun(run: AgentRun): Promise<AgentReport | null> {
  const { session, agent, inputs } = run;
  let history = await attemptHistory(session, agent, inputs);
  if (history.verifyAgain.length > 0) {
    const verified = await verifyAgain(run, history.verifyAgain);
    if (verified !== null) return verified;
    history = await attemptHistory(session, agent, inputs);
  }
  if (history.adoptedMissing) return failed([history.adoptedMissing]);
  if (inputs.moved.length > 0) return null;
  if (history.refusal) return failed([history.refusal]);
  const { claim } = run;
  // What another machine has proven is judged, and nobody is paid beside it.
  if (claim === null) return failed([proofRefused(run)]);
  if (claim?.unpaid) return failed([claim.unpaid]);
  const allowed = mayRun(session, agent, history.adapter);
  if (!allowed.ok) return failed([allowed.error]);
  const dear = await refuseAboveForecast(session, agent);
  if (dear !== null) return failed([dear]);
  const uncaged = await refuseWithoutCage(session, agent);
  if (uncaged !== null) return failed([uncaged]);
  const seen = await refuseIgnored(session, agent);
  if (!seen.ok) return failed([seen.error]);
  const provable = await refusePrograms(session);
  if (!provable.ok) return failed(provable.error);
  const heldOut = await refuseHeldOut(session);
  if (!heldOut.ok) return failed(heldOut.error);
  for (const line of await whyRunAgain(session, agent, inputs)) session.edges.print(line);
  const context = await openAttempt(run, history.highest);
  return context.ok ? runWatched(context.value, history) : failed([context.error]);
}

/** Of no attempt, and told to nobody: the next proof is looked at, or the claim is taken. */
function proofRefused({ agent }: AgentRun): Failure {
  return failure('bundle-invalid', `No proof from elsewhere holds for agent ${agent.unitId} here.`);
}

/** Work that was collected before a crash, or proven for another acceptance. Null where none of it decides anything. */
async function verifyAgain(run: AgentRun, work: AttemptHistory['verifyAgain']): Promise<AgentReport | null> {
  for (const stored of work) {
    const report = await verifyStored(run, stored);
    if (report === null) continue;
    const judged = report.state === 'failed' && report.attempt !== null;
    if (!judged || !isGuess(stored)) return report;
    run.session.edges.print(
      `not used: ${stored.manifest.predicate.proofBundleId} (${report.failures[0]?.message ?? 'refused'})`,
    );
  }
  return null;
}

/** One attempt, told to whoever watches: its file tells how far it is, and that it has ended. */
async function runWatched(context: AttemptContext, history: AttemptHistory): Promise<AgentReport> {
  const live = tellLive(context.session, context.agent, context.attempt);
  context.live = live;
  live.enter('preparing');
  try {
    return await runAttempt(context, history);
  } finally {
    live.enter('ended');
  }
}

/** Base and checkout, prompt and launch, collect, judge. The checkout goes only after its work is durable. */
async function runAttempt(context: AttemptContext, history: AttemptHistory): Promise<AgentReport> {
  const { attempt } = context;
  const opened = await prepareStart(context, history);
  if (!opened.ok) return failed([opened.error], attempt);
  const prepared = opened.value;
  // False while the work of an agent stands nowhere but in its checkout, whatever is thrown meanwhile.
  let mayGo = true;
  try {
    const seen = await checkContext(context, prepared);
    if (!seen.ok) return failed([seen.error], attempt);
    const whole = refuseMissingContent(context, prepared);
    if (!whole.ok) return failed([whole.error], attempt);
    const allowed = await letIn(context);
    if (!allowed.ok) return failed([allowed.error], attempt);
    const noted = await noteRunning(context, prepared);
    if (!noted.ok) return failed([noted.error], attempt);
    const { ownApplied: continued, cutOff } = prepared;
    const outside = await watchAgent(context);
    const checkpoints = await keepCheckpoints(context, prepared.checkout);
    mayGo = false;
    const earlier = { continued, cutOff, reasons: history.reasons };
    const launched = await launchAgent(context, prepared, earlier).finally(() => checkpoints.stop());
    await drain(context, checkpoints);
    mayGo = !launched.ok || !launched.value.started;
    if (!launched.ok) return failed([launched.error], attempt);
    context.live?.enter('checking');
    context.remarks = launched.value.remarks;
    if (!launched.value.started) return failed(launched.value.failures, attempt);
    const collected = await collectSlice(context, prepared, launched.value);
    if (!collected.ok)
      return failed([...launched.value.failures, stillThere(collected.error, prepared)], attempt);
    mayGo = true;
    const { refusals, ...work } = collected.value;
    const failures = [
      ...launched.value.failures,
      ...refusals,
      ...(await outside.compare(launched.value.cage)),
    ];
    if (failures.length > 0) {
      const all = [...failures, ...secretsAgainst(context, work.slice)];
      return await refuse(context, prepared, { ...work, failures: all });
    }
    return await judgeAttempt(context, prepared, work);
  } finally {
    await context.journal.flush();
    if (mayGo) {
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

/** An executor's answer to what was thrown: a machine that is full or forbidden, or a defect. */
export function reportDefect(error: unknown): AgentReport {
  return failed([failureOfThrown(error)]);
}
