import type { Usage } from '@nx-wave/schemas';
import { canonicalJson, failure, type Failure } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../core/model';
import { addUsage } from '../core/usage';
import { count } from '../core/views/count';
import { removePath } from '../edges/files/file-edge';
import { openJournal, type Journal } from '../edges/journal/journal';
import type { Bundle } from '../edges/store/bundle';
import { readAgentInputs, readHandoff, type AgentInputs } from './agent-inputs';
import { attemptHistory } from './attempt-history';
import { collectSlice, reviveSlice } from './collect-slice';
import { checkContext } from './check-context';
import type { Edges } from './edges';
import { decideEnvelope } from './decide-envelope';
import { launchAgent } from './launch-agent';
import { mayRun } from './may-run';
import { patiently } from './patiently';
import { examineSlice, judgeSlice, type CollectedSlice, type ExaminedSlice } from './prove-slice';
import {
  describeAttempt,
  publishProof,
  sealAttempt,
  showResult,
  type AttemptFacts,
  type VerifiedWork,
} from './record-attempt';
import { rescueAttempts } from './rescue-attempts';
import { reuseProof } from './reuse-proof';
import { forgetRunning, noteRunning } from './running-attempt';
import type { Session } from './session';
import { sliceOf } from './slices';
import { acquireWorkLease } from './work-lease';
import { openWorkshop, type Workshop } from './workshop';

/** How the task of one agent ended. */
export type AgentReport =
  | { state: 'owned_slice_proven'; reused: boolean; proofDigest: string; proofBundleId: string }
  | { state: 'failed'; failures: Failure[]; attempt: number | null };

const failed = (failures: Failure[], attempt: number | null = null): AgentReport => ({
  state: 'failed',
  failures,
  attempt,
});

/**
 * One agent to a proven slice, in the order of the design page: keys, lease, store, base, checkout, prompt, launch,
 * envelope, collect, verify, publish. A proof that exists is never paid again; work that exists is never thrown away.
 */
export async function runAgent(session: Session, agent: ResolvedAgent, edges: Edges): Promise<AgentReport> {
  const inputs = await patiently(edges, () => readAgentInputs(session, agent));
  // A handoff of an older spec must not be seen by a gate while this task is not done; one of this spec may be in use
  // by another command that launches the same wave.
  const handoff = await readHandoff(session, agent.unitId);
  if (!inputs.ok || !handoff.ok || handoff.value.workKey !== inputs.value.workKey) await forgetHandoff();
  if (!inputs.ok) return failed([inputs.error]);
  const kept = await reuseProof(session, agent, inputs.value, edges);
  if (kept) return kept;

  const lease = await acquireWorkLease(session, agent.unitId, inputs.value.workKey, edges);
  if (!lease.ok) return failed([lease.error]);
  try {
    const finished = await reuseProof(session, agent, inputs.value, edges);
    if (finished) return finished;
    await forgetHandoff();
    await rescueAttempts(session, agent, inputs.value.workKey, edges);
    return await runAttempt(session, agent, inputs.value, lease.value.marker, edges);
  } finally {
    await lease.value.release();
  }

  function forgetHandoff(): Promise<void> {
    return removePath(session.at(session.paths.handoff(agent.unitId)));
  }
}

/** What one attempt carries from step to step. */
export interface AttemptContext {
  /** What asking for the envelope again has used, on top of the work itself. */
  repairUsage?: Usage | null;
  session: Session;
  agent: ResolvedAgent;
  inputs: AgentInputs;
  edges: Edges;
  marker: string;
  attempt: number;
  attemptFolder: string;
  journal: Journal;
  /** Set when no agent runs: the bundle whose work is verified again. */
  verified?: VerifiedWork;
}

async function runAttempt(
  session: Session,
  agent: ResolvedAgent,
  inputs: AgentInputs,
  marker: string,
  edges: Edges,
): Promise<AgentReport> {
  let history = await attemptHistory(session, agent, inputs);
  // Work that was collected before a crash, or proven for another acceptance, is verified again: that costs no tokens.
  for (const stored of history.verifyAgain) {
    const report = await verifyStored(session, agent, inputs, stored, marker, edges);
    if (report === null) continue;
    const judged = report.state === 'failed' && report.attempt !== null;
    if (!judged || !isGuess(stored)) return report;
    edges.print(
      `not used: ${stored.manifest.predicate.proofBundleId} (${report.failures[0]?.message ?? 'refused'})`,
    );
    history = await attemptHistory(session, agent, inputs);
  }
  if (history.refusal) return failed([history.refusal]);
  const allowed = mayRun(session, agent, history.adapter, edges);
  if (!allowed.ok) return failed([allowed.error]);

  const reserved = await session.attempts.reserve(
    session.wave.identity.project,
    agent.unitId,
    history.highest,
  );
  if (!reserved.ok) return failed([reserved.error]);
  const context = openAttempt(session, agent, inputs, marker, edges, reserved.value);
  const opened = await openWorkshop(
    session,
    agent,
    history.continueFrom ? sliceOf(history.continueFrom) : null,
    marker,
    edges,
  );
  if (!opened.ok) return failed([opened.error], context.attempt);
  const workshop = opened.value;
  let collectable = true;
  try {
    const seen = await checkContext(session, agent, inputs, workshop, edges);
    if (!seen.ok) return failed([seen.error], context.attempt);
    const noted = await noteRunning(context, workshop);
    if (!noted.ok) return failed([noted.error], context.attempt);
    const launched = await launchAgent(context, workshop, {
      continued: workshop.ownApplied,
      reasons: history.reasons,
    });
    if (!launched.ok) return failed([launched.error], context.attempt);
    if (!launched.value.started) return failed(launched.value.failures, context.attempt);
    const collected = await collectSlice(context, workshop, launched.value);
    if (!collected.ok) {
      collectable = false;
      return failed([...launched.value.failures, stillThere(collected.error, workshop)], context.attempt);
    }
    const failures = [...launched.value.failures, ...collected.value.refusals];
    if (failures.length > 0) {
      return await refuse(context, workshop, collected.value.slice, collected.value.bundle, { failures });
    }
    return await judgeAttempt(context, workshop, collected.value.slice, collected.value.bundle);
  } finally {
    await context.journal.flush();
    if (collectable) {
      // In this order: a note without its checkout would count as an attempt that was cut off.
      await forgetRunning(context.attemptFolder);
      await workshop.close();
    }
  }
}

/** Work of which nobody knew whether it is finished, or whether it is any good: refusing it answers no question. */
function isGuess(stored: Bundle & { foreign?: boolean }): boolean {
  return stored.foreign === true || stored.manifest.predicate['interrupted'] === true;
}

/** Work that could not be made durable is left where it is, and the person is told where. */
function stillThere(error: Failure, { checkout }: Workshop): Failure {
  return {
    ...error,
    message: `${error.message} The files of the agent are still in ${checkout.workspaceDir}: the next launch takes them from there.`,
  };
}

function openAttempt(
  session: Session,
  agent: ResolvedAgent,
  inputs: AgentInputs,
  marker: string,
  edges: Edges,
  reserved: { attempt: number; folder: string },
): AttemptContext {
  const journal = openJournal({
    logPath: session.at(session.paths.controlPlane),
    wave: session.wave.identity.project,
    agentId: agent.unitId,
    attempt: reserved.attempt,
    now: edges.now,
  });
  journal.record('attempt.started', { workKey: inputs.workKey });
  return {
    session,
    agent,
    inputs,
    edges,
    marker,
    journal,
    attempt: reserved.attempt,
    attemptFolder: reserved.folder,
  };
}

/** Proof commands, claims and the envelope, then the verdict on the attempt. */
async function judgeAttempt(
  context: AttemptContext,
  workshop: Workshop,
  slice: CollectedSlice,
  collected: Bundle,
): Promise<AgentReport> {
  const { session, agent, edges } = context;
  const examined = await examineSlice(session, agent, workshop, slice, context.marker, edges);
  if (!examined.ok) return failed([examined.error], context.attempt);
  for (const { command, outcome } of examined.value.proofCommands) {
    edges.print(`${outcome === 'passed' ? 'proved' : 'not proved'}: ${command}`);
    context.journal.record('proof.command', { command, outcome });
  }
  const envelope = await decideEnvelope(context, workshop, slice, collected, examined.value);
  if (!envelope.ok) {
    return refuse(context, workshop, slice, collected, {
      failures: [...examined.value.failures, ...envelope.error],
      examined: examined.value,
    });
  }
  const failures = judgeSlice(session, agent, slice, examined.value, envelope.value);
  if (failures.length > 0) {
    return refuse(context, workshop, slice, collected, {
      failures,
      examined: examined.value,
      envelope: envelope.value,
    });
  }
  return accept(context, workshop, slice, collected, examined.value, envelope.value);
}

type Judged = {
  failures: Failure[];
  examined?: ExaminedSlice;
  envelope?: AttemptFacts['envelope'];
};

function factsOf(
  context: AttemptContext,
  workshop: Workshop,
  slice: CollectedSlice,
  collected: Bundle,
  judged: Judged,
): AttemptFacts {
  const { session, agent, inputs, attempt } = context;
  const before = collected.manifest.predicate;
  return {
    session,
    agent,
    inputs,
    attempt,
    slice,
    executor: before.executor,
    usage: addUsage(before.usage, context.repairUsage ?? null),
    baseTree: workshop.base.tree,
    parents: workshop.upstream,
    proofCommands: judged.examined?.proofCommands ?? [],
    envelope: judged.envelope ?? null,
    failures: judged.failures,
    state: judged.failures.length === 0 ? 'owned_slice_proven' : 'not_proven',
    ...(context.verified === undefined ? {} : { verified: context.verified }),
  };
}

async function sealFinal(context: AttemptContext, collected: Bundle, facts: AttemptFacts) {
  const envelope: Record<string, string> =
    facts.envelope === null ? {} : { 'envelope.json': `${canonicalJson(facts.envelope)}\n` };
  const extra = { ...envelope, 'events.jsonl': context.journal.lines() };
  return sealAttempt(
    context.attemptFolder,
    'final',
    { from: collected.folder, extra },
    describeAttempt(facts),
  );
}

/** The attempt is kept with its reasons; nothing is cached, and the next attempt goes on from its patch. */
async function refuse(
  context: AttemptContext,
  workshop: Workshop,
  slice: CollectedSlice,
  collected: Bundle,
  judged: Judged,
): Promise<AgentReport> {
  context.journal.record('slice.refused', { codes: judged.failures.map(({ code }) => code) });
  const facts = factsOf(context, workshop, slice, collected, judged);
  const sealed = await sealFinal(context, collected, facts);
  if (sealed.ok) await showResult(context.session, sealed.value, facts.envelope);
  const failures = sealed.ok ? judged.failures : [...judged.failures, sealed.error];
  return failed(failures, context.attempt);
}

async function accept(
  context: AttemptContext,
  workshop: Workshop,
  slice: CollectedSlice,
  collected: Bundle,
  examined: ExaminedSlice,
  envelope: NonNullable<AttemptFacts['envelope']>,
): Promise<AgentReport> {
  const { session, agent, edges, attempt } = context;
  context.journal.record('slice.proven', {});
  const facts = factsOf(context, workshop, slice, collected, { failures: [], examined, envelope });
  const sealed = await sealFinal(context, collected, facts);
  if (!sealed.ok) return failed([sealed.error], attempt);
  const stored = await session.proofs.put(sealed.value, 'own');
  if (!stored.ok) return failed([stored.error], attempt);
  for (const { message } of stored.value.warnings) edges.print(`warning: ${message}`);
  const published = await publishProof(session, agent, sealed.value, envelope);
  if (!published.ok) return failed([published.error], attempt);
  const { proofBundleId } = sealed.value.manifest.predicate;
  edges.print(`proven: ${proofBundleId} (${count(slice.changes.length, 'changed path')})`);
  return { state: 'owned_slice_proven', reused: false, proofDigest: sealed.value.proofDigest, proofBundleId };
}

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
  edges: Edges,
): Promise<AgentReport | null> {
  const from = stored.manifest.predicate;
  edges.print(`verifying again: ${from.proofBundleId} (no agent runs)`);
  const opened = await openWorkshop(session, agent, sliceOf(stored), marker, edges);
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
      ...openAttempt(session, agent, inputs, marker, edges, reserved.value),
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

/** An executor's answer to a defect: the report of a failure that nobody expected. */
export function reportDefect(error: unknown): AgentReport {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failed([failure('internal-error', detail, { next: 'Report this defect with the output above.' })]);
}
