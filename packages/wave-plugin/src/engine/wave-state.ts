import type { Closure, Verdict } from '@nx-wave/schemas';
import { canonicalJson, digestOf, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { isLanded } from '../core/state/ledger';
import { stagesOf } from '../core/infer/targets';
import { judgeClosure, type BundleFacts, type ClosureEvidence } from '../core/state/judge-closure';
import { writeDurable } from '../edges/files/file-edge';
import { readAgentInputs, readHandoff, readVerdict } from './agent-inputs';
import { readProve } from './run-prove';
import type { Session } from './session';
import { findProof } from './slices';

/** Everything stored that the closing of a wave is judged by. Nothing is run and nothing is believed twice. */
export async function gatherClosure(
  session: Session,
  failures: { unitId: string; failures: Failure[] }[] = [],
): Promise<ClosureEvidence> {
  const verdicts: Verdict[] = [];
  for (const stage of stagesOf(session.wave)) {
    const verdict = await readVerdict(session, stage, { failed: true });
    if (!verdict.ok) break;
    verdicts.push(verdict.value);
  }
  const bundles: BundleFacts[] = [];
  for (const agent of session.wave.agents) {
    const inputs = await readAgentInputs(session, agent);
    const handoff = await readHandoff(session, agent.unitId);
    if (!inputs.ok || !handoff.ok || handoff.value.workKey !== inputs.value.workKey) continue;
    const proof = await findProof(session, handoff.value);
    if (!proof.ok) continue;
    const { workKey, resultDigest } = handoff.value;
    const { proofBundleId } = proof.value.manifest.predicate;
    bundles.push({
      unitId: agent.unitId,
      workKey,
      resultDigest,
      proofDigest: proof.value.proofDigest,
      proofBundleId,
    });
  }
  const prove = await readProve(session);
  const last = verdicts.at(-1);
  const current = prove !== null && last !== undefined && prove.upstream === digestOf(last);
  return {
    wave: session.wave,
    verdicts,
    prove: current ? { ok: prove.ok, tree: prove.tree, reasons: prove.reasons } : null,
    bundles,
    changes: current ? prove.changes : [],
    patchSha256: current ? prove.patchSha256 : null,
    failures,
    questions: questionsOf(failures),
    landed: isLanded(session.ledger),
  };
}

/** Questions that failed slices wait on, as the failures name them. */
function questionsOf(failures: { unitId: string; failures: Failure[] }[]): ClosureEvidence['questions'] {
  return failures.flatMap(({ unitId, failures: found }) =>
    found
      .filter(({ code }) => code === 'question-unanswered')
      .map(({ message, facts }) => ({
        requestId: typeof facts?.['requestId'] === 'string' ? facts['requestId'] : unitId,
        agentId: unitId,
        summary: message,
      })),
  );
}

/** Judges the closing from what is stored, and writes the record. */
export async function writeClosure(
  session: Session,
  failures: { unitId: string; failures: Failure[] }[] = [],
): Promise<Result<Closure>> {
  const closure = judgeClosure(await gatherClosure(session, failures));
  const written = await writeDurable(session.at(session.paths.closure), `${canonicalJson(closure)}\n`);
  return written.ok ? ok(closure) : written;
}
