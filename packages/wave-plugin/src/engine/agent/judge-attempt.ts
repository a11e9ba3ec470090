import { canonicalJson, type Failure } from '@nx-wave/schemas/plain';
import { addUsage } from '../../core/usage';
import { count } from '../../core/views/count';
import { removePath } from '../../edges/files/remove';
import type { Bundle } from '../../edges/store/bundle';
import { failed, type AgentReport, type AttemptContext } from './attempt';
import { decideEnvelope } from './decide-envelope';
import { repairFolder } from './launch-agent';
import { examineSlice, judgeSlice, type CollectedSlice, type ExaminedSlice } from './prove-slice';
import { describeAttempt, publishProof, sealAttempt, showResult, type AttemptFacts } from './record-attempt';
import type { PreparedCheckout } from './prepare-checkout';

/** Proof commands, claims and the envelope, then the verdict on the attempt. */
export async function judgeAttempt(
  context: AttemptContext,
  prepared: PreparedCheckout,
  slice: CollectedSlice,
  collected: Bundle,
): Promise<AgentReport> {
  const { session, agent, edges } = context;
  const examined = await examineSlice(session, agent, prepared, slice, context.marker);
  if (!examined.ok) return failed([examined.error], context.attempt);
  for (const { command, outcome } of examined.value.proofCommands) {
    edges.print(`${outcome === 'passed' ? 'proved' : 'not proved'}: ${command}`);
    context.journal.record('proof.command', { command, outcome });
  }
  const envelope = await decideEnvelope(context, prepared, slice, collected, examined.value);
  if (!envelope.ok) {
    return refuse(context, prepared, slice, collected, {
      failures: [...examined.value.failures, ...envelope.error],
      examined: examined.value,
    });
  }
  const failures = judgeSlice(session, agent, slice, examined.value, envelope.value);
  if (failures.length > 0) {
    return refuse(context, prepared, slice, collected, {
      failures,
      examined: examined.value,
      envelope: envelope.value,
    });
  }
  return accept(context, prepared, slice, collected, examined.value, envelope.value);
}

type Judged = {
  failures: Failure[];
  examined?: ExaminedSlice;
  envelope?: AttemptFacts['envelope'];
};

function factsOf(
  context: AttemptContext,
  prepared: PreparedCheckout,
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
    baseTree: prepared.base.tree,
    parents: prepared.upstream,
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
  const repair = repairFolder(context);
  const repaired = context.repairUsage === undefined ? {} : { repair };
  const sealed = await sealAttempt(
    context.attemptFolder,
    'final',
    { from: collected.folder, extra, ...repaired },
    describeAttempt(facts),
  );
  if (sealed.ok) await removePath(repair);
  return sealed;
}

/** The attempt is kept with its reasons; nothing is cached, and the next attempt goes on from its patch. */
export async function refuse(
  context: AttemptContext,
  prepared: PreparedCheckout,
  slice: CollectedSlice,
  collected: Bundle,
  judged: Judged,
): Promise<AgentReport> {
  context.journal.record('slice.refused', { codes: judged.failures.map(({ code }) => code) });
  const facts = factsOf(context, prepared, slice, collected, judged);
  const sealed = await sealFinal(context, collected, facts);
  if (sealed.ok) await showResult(context.session, sealed.value, facts.envelope);
  const failures = sealed.ok ? judged.failures : [...judged.failures, sealed.error];
  return failed(failures, context.attempt);
}

async function accept(
  context: AttemptContext,
  prepared: PreparedCheckout,
  slice: CollectedSlice,
  collected: Bundle,
  examined: ExaminedSlice,
  envelope: NonNullable<AttemptFacts['envelope']>,
): Promise<AgentReport> {
  const { session, agent, edges, attempt } = context;
  context.journal.record('slice.proven', {});
  const facts = factsOf(context, prepared, slice, collected, { failures: [], examined, envelope });
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
