import type { ResultEnvelope } from '@nx-wave/schemas';
import type { Failure } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { describeSource } from '../../core/verify/proof-source';
import { useOf } from '../../core/verify/proof-use';
import { openJournal } from '../../edges/journal/journal';
import type { StoredBundle } from '../../edges/store/proof-store';
import type { AgentInputs } from './agent-inputs';
import { publishProof } from './record-attempt';
import type { AgentReport } from './attempt';
import type { Session } from '../session/session';
import { proofAsk } from '../slices/proof-ask';
import { readEnvelope, resultBundles } from '../slices/slices';

/**
 * Serves stored proof for exactly these keys, in milliseconds and without git. Null when there is none that this
 * machine may simply believe: a bundle of another origin is verified first (`trust`).
 */
export async function reuseProof(
  session: Session,
  agent: ResolvedAgent,
  inputs: AgentInputs,
): Promise<AgentReport | null> {
  const { edges } = session;
  const { found, problems } = await storedProof(session, agent, { inputs, fetch: true });
  for (const problem of problems) edges.print(`warning: ${problem.message}`);
  if (found === null) return null;
  const { bundle, envelope } = found;
  const { predicate } = bundle.manifest;
  const published = await publishProof(session, agent, { bundle, envelope });
  if (!published.ok) return { state: 'failed', failures: [published.error], attempt: null };
  await session.proofs.markUsed(bundle, edges.now());
  const { proofDigest, origin } = bundle;
  const source = await session.proofs.sourceOf({ proofDigest, predicate, origin });
  const made = source.origin === 'this-machine' ? '' : ` (from: ${describeSource(source)})`;
  edges.print(`reused: ${predicate.proofBundleId} from the proof store, no agent runs${made}`);
  const journal = openJournal({
    logPath: session.at(session.paths.controlPlane),
    wave: session.wave.identity.project,
    agentId: agent.unitId,
    attempt: predicate.attempt,
    now: edges.now,
  });
  journal.record('proof.reused', { proofDigest: bundle.proofDigest });
  await journal.flush();
  return {
    state: 'owned_slice_proven',
    reused: true,
    proofDigest: bundle.proofDigest,
    proofBundleId: predicate.proofBundleId,
    resultDigest: predicate.resultDigest,
  };
}

/** The proof that the agent's task would serve for these keys, without serving it. `fetch` also asks a shared store. */
export async function storedProof(
  session: Session,
  agent: ResolvedAgent,
  { inputs, fetch }: { inputs: AgentInputs; fetch: boolean },
): Promise<{ found: { bundle: StoredBundle; envelope: ResultEnvelope } | null; problems: Failure[] }> {
  const ask = proofAsk(session, agent, inputs);
  const refused: Failure[] = [];
  for (const bundle of await resultBundles(session, agent.unitId)) {
    if (bundle.manifest.predicate.state !== 'owned_slice_proven' || useOf(bundle, ask) === 'nothing')
      continue;
    const put = await session.proofs.put(bundle, 'nx-cache');
    if (put.ok) refused.push(...put.value.warnings);
  }
  const usable = (bundle: StoredBundle) => useOf(bundle, ask) === 'serve';
  let { bundles, problems } = await session.proofs.find(inputs.workKey);
  problems = [...refused, ...problems];
  if (fetch && !bundles.some(usable)) {
    problems = [...problems, ...(await session.proofs.fetch(inputs.workKey))];
    ({ bundles } = await session.proofs.find(inputs.workKey));
  }
  for (const bundle of bundles.filter(usable)) {
    const envelope = await readEnvelope(bundle);
    if (envelope !== null) return { found: { bundle, envelope }, problems };
  }
  return { found: null, problems };
}
