import { join } from 'node:path';
import { ok, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import type { Checkout, Snapshot } from '../../edges/git/contracts';
import { readHandoff } from '../slices/gate-files';
import { mergedBase, packagesWith, type Base } from '../slices/base';
import { runSnapshot } from '../slices/run-folder';
import { sealedBase } from '../slices/sealed-base';
import { checkoutOptions } from '../slices/checkout-options';
import { dependencySlices } from '../slices/dependency-slices';
import { retryRead } from '../session/retry-read';
import { discard, openHome } from '../slices/scratch-home';
import { sweepLeftovers } from '../slices/sweep-leftovers';
import { previousStage, withDependencies } from '../../core/wave-order';
import type { Session } from '../session/session';
import { findProof, layArtifacts, sliceOf, type Slice } from '../slices/slices';
import { readStageSlices } from '../slices/stage-slices';
import type { AgentRun } from './attempt';

/** A private checkout on the base of one agent, and everything that is needed to give it back. */
export interface PreparedCheckout {
  base: Base;
  /** Slices of earlier stages and of agents that this one depends on, merged into the base. */
  upstream: Slice[];
  checkout: Checkout;
  /** The working tree that all agents of the command start from. */
  snapshot: Snapshot;
  /** Folder that holds the checkout and what it was made from; removed by `close`. */
  home: string;
  close(): Promise<void>;
}

/** The slices that an agent builds on. */
export async function upstreamSlices(session: Session, agent: ResolvedAgent): Promise<Result<Slice[]>> {
  const slices: Slice[] = [];
  const previous = previousStage(session.wave, agent.stage);
  if (previous !== null) {
    const earlier = await readStageSlices(session, previous);
    if (!earlier.ok) return earlier;
    slices.push(...earlier.value);
  } else {
    const dependencies = await dependencySlices(session);
    if (!dependencies.ok) return dependencies;
    slices.push(...dependencies.value);
  }
  for (const unitId of withDependencies(session.wave, agent.dependsOn)) {
    const handoff = await readHandoff(session, unitId);
    if (!handoff.ok) return handoff;
    const proof = await findProof(session, handoff.value);
    if (!proof.ok) return proof;
    slices.push(sliceOf(proof.value));
  }
  return ok(slices);
}

/** A checkout that the agent's own earlier work is in, where that was asked for and still applies. */
export interface StartedCheckout extends PreparedCheckout {
  startTree: string;
  ownApplied: boolean;
}

/**
 * Opens a checkout for an agent. `own` is merged on top of the base: the agent's earlier patch for a continued attempt,
 * or a stored slice that is verified again; when it does not apply any more, the checkout starts from the base.
 */
export async function prepareCheckout(
  run: Pick<AgentRun, 'session' | 'agent' | 'marker'>,
  own: Slice | null,
): Promise<Result<StartedCheckout>> {
  const { session, agent } = run;
  const { edges } = session;
  await sweepLeftovers(edges);
  const upstream = await retryRead(edges, () => upstreamSlices(session, agent));
  if (!upstream.ok) return upstream;
  const snapshot = await runSnapshot(session);
  if (!snapshot.ok) return snapshot;
  const scratch = await openHome(session, agent.unitId, run.marker);
  const opened = await openCheckout(run, {
    own,
    upstream: upstream.value,
    snapshot: snapshot.value,
    home: scratch.path,
  });
  if (!opened.ok) await scratch.close();
  return opened;
}

interface CheckoutRequest {
  own: Slice | null;
  upstream: Slice[];
  snapshot: Snapshot;
  home: string;
}

/** The caller removes `home` where this fails. */
async function openCheckout(
  { session, marker }: Pick<AgentRun, 'session' | 'marker'>,
  { own, upstream, snapshot, home }: CheckoutRequest,
): Promise<Result<StartedCheckout>> {
  const { git } = session.edges;
  const merged = await mergedBase(session, { snapshot, slices: upstream, into: join(home, 'base') });
  if (!merged.ok) return merged;
  const sealed = await sealedBase(session, merged.value, join(home, 'sealed'));
  if (!sealed.ok) return sealed;
  const base = sealed.value;
  const started = await mergeOwn(session, base, { own, into: join(home, 'start') });
  if (!started.ok) return started;
  const { start, applied } = started.value;
  const options = await checkoutOptions(session, marker);
  const created = await git.createCheckout(session.repo, start, { home: join(home, 'checkout'), ...options });
  if (!created.ok) return created;
  const checkout: Checkout = { ...created.value, baseTree: base.tree };
  const close = async () => {
    await git.removeCheckout(created.value);
    await discard(session.edges, home);
  };
  const laid = await layArtifacts(checkout, applied === null ? upstream : [...upstream, applied]);
  if (!laid.ok) {
    await close();
    return laid;
  }
  const ownApplied = applied !== null;
  return ok({ base, upstream, checkout, snapshot, home, startTree: start.tree, ownApplied, close });
}

/** The base with the agent's own slice on it; `applied` is null where there is none or it conflicts. */
async function mergeOwn(
  session: Session,
  base: Base,
  { own, into }: { own: Slice | null; into: string },
): Promise<Result<{ start: Base; applied: Slice | null }>> {
  if (own === null) return ok({ start: base, applied: null });
  const { edges, repo } = session;
  const { tree: baseTree, objectDir: baseDir, parentCommit } = base;
  const ground = { tree: baseTree, objectDir: baseDir, ...(parentCommit ? { commit: parentCommit } : {}) };
  const merged = await edges.git.mergeSlices(repo, { base: ground, slices: [own], into });
  if (!merged.ok) return merged;
  if (!merged.value.ok) return ok({ start: base, applied: null });
  const { tree, objectDir, commit } = merged.value;
  const packageFolders = packagesWith(session, base.packageFolders, [own]);
  return ok({ start: { ...base, tree, objectDir, commit, packageFolders }, applied: own });
}
