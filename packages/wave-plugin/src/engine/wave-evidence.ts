import type { ControlPlaneEvent, Handoff, Verdict } from '@nx-wave/schemas';
import { canonicalJson, digestOf, type Failure } from '@nx-wave/schemas/plain';
import { join } from 'node:path';
import { stagesOf } from '../core/infer/targets';
import { parseEventLog } from '../core/state/event-log';
import type { BundleFacts } from '../core/state/judge-closure';
import { judgedAgent, makeVerdict } from '../core/state/make-verdict';
import type { AttemptRecord, WaveEvidence } from '../core/state/reduce-wave';
import { judgeGates } from '../gates/registry';
import { readText } from '../edges/files/file-edge';
import { bundleFiles } from '../edges/store/bundle';
import { readAgentInputs, readHandoff, readVerdict } from './agent-inputs';
import { readProve } from './run-prove';
import type { Session } from './session';
import { findProof, readEnvelope } from './slices';

export interface SliceFailures {
  unitId: string;
  failures: Failure[];
}

/**
 * Everything stored that the state of a wave is reduced from. Nothing is run. Gates that never ran as tasks, because
 * something before them failed, are judged here in memory from the handoffs that are there.
 */
export async function gatherEvidence(
  session: Session,
  failures: SliceFailures[] = [],
): Promise<WaveEvidence> {
  const { wave } = session;
  const attempts: AttemptRecord[] = [];
  const events: ControlPlaneEvent[] = [
    ...parseEventLog((await readText(session.at(session.paths.controlPlane))) ?? '').events,
  ];
  for (const agent of wave.agents) {
    for (const stored of await session.attempts.list(wave.identity.project, agent.unitId)) {
      attempts.push({
        predicate: stored.manifest.predicate,
        proofDigest: stored.proofDigest,
        envelope: await readEnvelope(stored),
      });
      events.push(...parseEventLog((await readText(join(stored.folder, bundleFiles.events))) ?? '').events);
    }
  }
  const workKeys: Record<string, string> = {};
  const bundles: BundleFacts[] = [];
  const handoffs = new Map<string, Handoff>();
  for (const agent of wave.agents) {
    const inputs = await readAgentInputs(session, agent);
    if (!inputs.ok) continue;
    const { workKey } = inputs.value;
    workKeys[agent.unitId] = workKey;
    const handoff = await readHandoff(session, agent.unitId);
    if (!handoff.ok || handoff.value.workKey !== workKey) continue;
    const proof = await findProof(session, handoff.value);
    if (!proof.ok) continue;
    handoffs.set(agent.unitId, handoff.value);
    bundles.push({
      unitId: agent.unitId,
      workKey,
      resultDigest: handoff.value.resultDigest,
      proofDigest: proof.value.proofDigest,
      proofBundleId: proof.value.manifest.predicate.proofBundleId,
    });
  }
  const verdicts = await presentVerdicts(session, handoffs);
  const last = verdicts.at(-1);
  const prove = await readProve(session);
  const current = prove !== null && last !== undefined && prove.upstream === digestOf(last);
  return {
    wave,
    ledger: session.ledger,
    events,
    attempts,
    bundles,
    workKeys,
    verdicts,
    prove: current ? { ok: prove.ok, tree: prove.tree, reasons: prove.reasons } : null,
    failures,
  };
}

/** The verdict of every stage for the present handoffs: the gate's own where it judged exactly these, else one in memory. */
async function presentVerdicts(session: Session, handoffs: ReadonlyMap<string, Handoff>): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const stage of stagesOf(session.wave)) {
    const units = session.wave.agents.filter((agent) => agent.stage === stage);
    const own = units.flatMap(({ unitId }) => handoffs.get(unitId) ?? []);
    const upstream: Verdict | null = verdicts.at(-1) ?? null;
    if (own.length < units.length || upstream?.ok === false) break;
    const stored = await readVerdict(session, stage, { failed: true });
    const judged = own.map(judgedAgent).map(canonicalJson);
    const fits =
      stored.ok &&
      stored.value.upstream === (upstream === null ? null : digestOf(upstream)) &&
      judged.every((one) => stored.value.agents.some((agent) => canonicalJson(agent) === one));
    if (fits) {
      verdicts.push(stored.value);
      continue;
    }
    const evidence = {
      wave: session.wave,
      stage,
      handoffs: own,
      upstream,
      ledger: session.ledger,
      matrix: null,
      mergeFindings: [],
      expectedWorkKeys: {},
      benchmarkCatalog: null,
    };
    verdicts.push(makeVerdict(evidence, judgeGates(evidence)));
  }
  return verdicts;
}
