import { join } from 'node:path';
import type { ResultEnvelope } from '@nx-wave/schemas';
import { canonicalJson, failure, type Failure } from '@nx-wave/schemas/plain';
import { addUsage } from '../../core/usage';
import { count } from '../../core/count';
import { strengthLines } from '../../core/views/strength-lines';
import { removePath } from '../../edges/files/remove';
import { testResultOf } from '../../core/result/test-result';
import { bundleFiles } from '../../edges/store/bundle';
import { claimOf, failed, type AgentReport, type AttemptContext } from './attempt';
import { decideEnvelope } from './decide-envelope';
import { holdsSecret, keepPrivate } from './keep-private';
import { repairFolder } from './launch-agent';
import { settleFirst } from './let-in';
import { examineSlice, judgeSlice, type CollectedWork, type ExaminedSlice } from './prove-slice';
import { signBundle } from '../session/signatures';
import { describeAttempt, publishProof, sealAttempt, showResult, type AttemptFacts } from './record-attempt';
import type { PreparedCheckout } from './prepare-checkout';
import { storeForecast } from './store-forecast';
import { runFolder } from '../slices/run-folder';
import { sharePack } from '../slices/shared-packs';

/**
 * Proof commands, claims and the envelope, then the verdict on the attempt. What is cancelled meanwhile has no verdict: a
 * command that was ended says nothing of the work, which stays as it was collected and is verified by the next launch.
 */
export async function judgeAttempt(
  context: AttemptContext,
  prepared: PreparedCheckout,
  work: CollectedWork,
): Promise<AgentReport> {
  const { slice, bundle } = work;
  const looked = await examineSlice(context, prepared, slice);
  // Of no attempt: there is no verdict, and the next launch verifies the work again.
  if (!looked.ok) return failed([looked.error]);
  const examined = looked.value;
  for (const { command, outcome } of examined.proofCommands) {
    context.session.edges.print(`${outcome === 'passed' ? 'proved' : 'not proved'}: ${command}`);
    context.journal.record('proof.command', { command, outcome });
  }
  for (const { message } of examined.notes) {
    context.session.edges.print(`advisory: ${message}`);
    context.journal.record('slice.noted', { message });
  }
  if (examined.outside.length > 0) context.journal.record('outside.changed', { paths: examined.outside });
  const seen = { ...slice, secrets: examined.secrets };
  for (const line of strengthLines(context.agent, examined.strength)) context.session.edges.print(line);
  const decided = await decideEnvelope(context, prepared, { bundle, examined });
  if (!decided.ok) {
    const failures = [...examined.failures, ...decided.error];
    return notJudged(context) ?? refuse(context, prepared, { bundle, slice: seen, examined, failures });
  }
  const envelope = decided.value;
  const judged = { bundle, slice: seen, examined, envelope };
  const failures = judgeSlice(context, slice, judged);
  if (failures.length === 0) return accept(context, prepared, judged);
  return notJudged(context) ?? refuse(context, prepared, { ...judged, failures });
}

/** The report of a judgement that was cancelled; null where it was not. */
function notJudged({ session, agent }: AttemptContext): AgentReport | null {
  if (!session.edges.signal.aborted) return null;
  const { project } = session.wave.identity;
  return failed([
    failure(
      'agent-cancelled',
      `Cancelled while the work of agent ${agent.unitId} was verified: it is kept.`,
      {
        place: { wave: project, agentId: agent.unitId },
        next: `nx run ${project}:launch (verifies it, and runs no agent for it)`,
      },
    ),
  ]);
}

/** Collected work with what was found of it. */
interface JudgedWork extends CollectedWork {
  failures: Failure[];
  examined?: ExaminedSlice;
  envelope?: ResultEnvelope;
}

function factsOf(context: AttemptContext, prepared: PreparedCheckout, judged: JudgedWork): AttemptFacts {
  const { session, agent, inputs, attempt } = context;
  const before = judged.bundle.manifest.predicate;
  return {
    session,
    agent,
    inputs,
    attempt,
    slice: judged.slice,
    executor: before.executor,
    usage: addUsage(before.usage, context.repairUsage ?? null),
    baseTree: prepared.base.tree,
    parents: prepared.upstream,
    proofCommands: judged.examined?.proofCommands ?? [],
    cages: { agent: before.cages?.agent ?? null, proofs: judged.examined?.cage ?? null },
    strength: judged.examined?.strength ?? null,
    envelope: judged.envelope ?? null,
    failures: judged.failures,
    state: judged.failures.length === 0 ? 'owned_slice_proven' : 'not_proven',
    ...(context.verified === undefined ? {} : { verified: context.verified }),
    ...claimOf(context),
  };
}

async function sealFinal(context: AttemptContext, prepared: PreparedCheckout, judged: JudgedWork) {
  const envelope: Record<string, string> =
    judged.envelope === undefined ? {} : { 'envelope.json': `${canonicalJson(judged.envelope)}\n` };
  const extra = { ...envelope, ...testResult(judged), 'events.jsonl': context.journal.lines() };
  const repair = repairFolder(context);
  await keepPrivate(context.session, judged.slice, judged.bundle.folder);
  const sealed = await sealAttempt(context.attemptFolder, 'final', {
    from: judged.bundle.folder,
    extra,
    ...(context.repairUsage === undefined ? {} : { repair }),
    predicate: describeAttempt(factsOf(context, prepared, judged)),
    ...(judged.failures.length === 0 ? { sign: (draft) => signBundle(context.session, draft) } : {}),
  });
  if (sealed.ok) await removePath(repair);
  if (sealed.ok) await storeForecast(context, sealed.value);
  return sealed;
}

/** The same measurement for tools that know nothing of waves, where there was one. */
function testResult({ examined, slice, failures }: JudgedWork): Record<string, string> {
  if (!examined?.strength || examined.proofCommands.length === 0) return {};
  const statement = testResultOf(examined.strength, { tree: slice.tree, passed: failures.length === 0 });
  return { [bundleFiles.testResult]: `${canonicalJson(statement)}\n` };
}

/**
 * The attempt is kept with its reasons; nothing is cached, and the next attempt goes on from its patch. One that holds
 * a secret is shown nowhere else: its folder is for its owner's eyes alone.
 */
export async function refuse(
  context: AttemptContext,
  prepared: PreparedCheckout,
  found: JudgedWork,
): Promise<AgentReport> {
  const { before = [], after = [] } = context.remarks ?? {};
  const judged = { ...found, failures: [...before, ...found.failures, ...after] };
  context.journal.record('slice.refused', { codes: judged.failures.map(({ code }) => code) });
  const sealed = await sealFinal(context, prepared, judged);
  const hidden = holdsSecret(judged.slice);
  if (hidden) await keepPrivate(context.session, judged.slice, context.attemptFolder);
  else if (sealed.ok) await showResult(context.session, sealed.value, judged.envelope ?? null);
  const failures = sealed.ok ? judged.failures : [...judged.failures, sealed.error];
  return failed(failures, context.attempt);
}

async function accept(
  context: AttemptContext,
  prepared: PreparedCheckout,
  work: Omit<Required<JudgedWork>, 'failures'>,
): Promise<AgentReport> {
  const { session, agent, attempt } = context;
  context.journal.record('slice.proven', {});
  const sealed = await sealFinal(context, prepared, { ...work, failures: [] });
  if (!sealed.ok) return failed([sealed.error], attempt);
  const settled = await settleFirst(context, sealed.value);
  if (!settled.ok) return failed([settled.error], attempt);
  const stored = await session.proofs.put(sealed.value, 'this-machine');
  if (!stored.ok) return failed([stored.error], attempt);
  for (const { message } of stored.value.warnings) session.edges.print(`warning: ${message}`);
  const published = await publishProof(session, agent, { bundle: sealed.value, envelope: work.envelope });
  if (!published.ok) return failed([published.error], attempt);
  const packFile = join(sealed.value.folder, bundleFiles.objects);
  const index = work.slice.packIndex ?? null;
  if (index !== null) await sharePack(runFolder(session), { packFile, index });
  const { proofBundleId } = sealed.value.manifest.predicate;
  session.edges.print(`proven: ${proofBundleId} (${count(work.slice.changes.length, 'changed path')})`);
  const { resultDigest } = sealed.value.manifest.predicate;
  const { proofDigest } = sealed.value;
  return { state: 'owned_slice_proven', reused: false, proofDigest, proofBundleId, resultDigest };
}
