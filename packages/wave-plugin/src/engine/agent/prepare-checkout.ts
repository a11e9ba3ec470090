import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import type { Checkout, Snapshot } from '../../edges/git/contracts';
import { removePath } from '../../edges/files/remove';
import { readHandoff } from '../slices/gate-files';
import { mergedBase, runSnapshot, type Base } from '../slices/base';
import { checkoutOptions } from '../slices/checkout-options';
import { dependencySlices } from '../slices/dependency-slices';
import { retryRead } from '../session/retry-read';
import { sweepLeftovers } from '../slices/sweep-leftovers';
import { previousStage, withDependencies } from '../../core/wave-order';
import type { Session } from '../session/session';
import { findProof, layArtifacts, sliceOf, type Slice } from '../slices/slices';
import { readStageSlices } from '../slices/stage-slices';

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

/**
 * Opens a checkout for an agent. `own` is merged on top of the base: the agent's earlier patch for a continued attempt,
 * or a stored slice that is verified again; when it does not apply any more, the checkout starts from the base.
 */
export async function prepareCheckout(
  session: Session,
  agent: ResolvedAgent,
  own: Slice | null,
  marker: string,
): Promise<Result<PreparedCheckout & { startTree: string; ownApplied: boolean }>> {
  const { edges } = session;
  await sweepLeftovers(edges);
  const upstream = await retryRead(edges, () => upstreamSlices(session, agent));
  if (!upstream.ok) return upstream;
  const snapshot = await runSnapshot(session);
  if (!snapshot.ok) return snapshot;
  const home = join(
    edges.scratchRoot,
    `${session.wave.identity.project}-${agent.unitId}-${randomUUID().slice(0, 8)}`,
  );
  const base = await mergedBase(session, {
    snapshot: snapshot.value,
    slices: upstream.value,
    into: join(home, 'base'),
  });
  if (!base.ok) {
    await removePath(home);
    return base;
  }
  let start = base.value;
  let ownApplied = false;
  if (own !== null) {
    const merged = await edges.git.mergeSlices(session.repo, base.value, [own], join(home, 'start'));
    if (!merged.ok) {
      await removePath(home);
      return merged;
    }
    if (merged.value.ok) {
      start = { ...base.value, tree: merged.value.tree, objectDir: merged.value.objectDir };
      ownApplied = true;
    }
  }
  const created = await edges.git.createCheckout(
    session.repo,
    start,
    join(home, 'checkout'),
    checkoutOptions(session, marker),
  );
  if (!created.ok) {
    await removePath(home);
    return created;
  }
  const checkout: Checkout = { ...created.value, baseTree: base.value.tree };
  const close = async () => {
    await edges.git.removeCheckout(created.value);
    await removePath(home);
  };
  const laid = await layArtifacts(
    checkout,
    ownApplied && own !== null ? [...upstream.value, own] : upstream.value,
  );
  if (!laid.ok) {
    await close();
    return laid;
  }
  return ok({
    base: base.value,
    upstream: upstream.value,
    checkout,
    snapshot: snapshot.value,
    home,
    startTree: start.tree,
    ownApplied,
    close,
  });
}
