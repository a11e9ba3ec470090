import { visibleName } from '../../core/terminal-text';
import { join } from 'node:path';
import { ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { isOurs } from '../../core/cage/hold-cage';
import type { ResolvedAgent } from '../../core/model';
import { placeInside } from '../../edges/files/place-inside';
import { removePath } from '../../edges/files/remove';
import { copyUnflushed, writeUnflushed } from '../../edges/files/write-file';
import type { Checkout } from '../../edges/git/contracts';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';
import { grantedPaths } from './agent-prompt';
import { findSecrets } from './find-secrets';
import { keepPrivate } from './keep-private';
import { draftFolder, type Launched } from './launch-agent';
import type { CollectedSlice, CollectedWork } from './prove-slice';
import { describeAttempt, sealAttempt } from './record-attempt';
import { claimOf, type AttemptContext } from './attempt';
import type { Session } from '../session/session';
import type { PreparedCheckout } from './prepare-checkout';

/** The agent's own words, before anyone has read them. */
export const rawEnvelopeFile = 'envelope.raw.json';

/** Owned paths below the state root: what stands there is kept as files of the bundle. */
export function artifactPathsOf(session: Session, agent: ResolvedAgent): string[] {
  return [...agent.ownedPaths, ...grantedPaths(session, agent)].filter((path) =>
    path.startsWith(`${session.wave.identity.stateRoot}/`),
  );
}

/**
 * Writes pack, patch and artifacts of what stands in a checkout into `draft`. Where they hold a secret, nobody but the
 * owner can read them from here on.
 */
export async function collectInto(
  session: Session,
  checkout: Checkout,
  { draft, artifactPaths }: { draft: string; artifactPaths: string[] },
): Promise<Result<{ slice: CollectedSlice; refusals: Failure[] }>> {
  const collected = await session.edges.git.collect(checkout, {
    artifactPaths,
    packFile: join(draft, bundleFiles.objects),
    partial: true,
  });
  if (!collected.ok) return collected;
  const { changes, artifacts, tree, patch, refusals, packIndex } = collected.value;
  const artifactDir = join(draft, bundleFiles.artifacts);
  for (const artifact of artifacts) {
    const source = await placeInside(checkout.workspaceDir, artifact.path);
    if (source === null) continue;
    const written = await copyUnflushed(source, join(artifactDir, artifact.path));
    if (!written.ok) return written;
  }
  const written = await writeUnflushed(join(draft, bundleFiles.patch), patch);
  if (!written.ok) return written;
  const kept = artifacts.length > 0 ? artifactDir : null;
  const secrets = await findSecrets(session, checkout, { changes, artifacts });
  const slice = { tree, changes, artifacts, artifactDir: kept, secrets, packIndex };
  await keepPrivate(session, slice, draft);
  return ok({ slice, refusals });
}

/**
 * Takes what the agent left with the runner's own git state and makes it durable, before anything is judged: from here
 * on a crash costs a verification, not an agent run. What no slice can carry is left out and named in `refusals`: the
 * rest of the work is kept for the next attempt.
 */
export async function collectSlice(
  context: AttemptContext,
  prepared: PreparedCheckout,
  launched: Launched,
): Promise<Result<CollectedWork & { refusals: Failure[] }>> {
  const { session, agent } = context;
  const { edges } = session;
  const { checkout } = prepared;
  const draft = draftFolder(context);
  const collected = await collectInto(session, checkout, {
    draft,
    artifactPaths: artifactPathsOf(session, agent),
  });
  if (!collected.ok) return collected;
  const { slice, refusals } = collected.value;
  const { changes, artifacts } = slice;
  context.journal.record('slice.collected', { changes: changes.length, artifacts: artifacts.length });
  const sealed = await sealAttempt(context.attemptFolder, 'collected', {
    from: draft,
    extra: {
      [bundleFiles.events]: context.journal.lines(),
      ...(launched.rawEnvelope === null ? {} : { [rawEnvelopeFile]: launched.rawEnvelope }),
    },
    predicate: describeAttempt({
      session,
      agent,
      inputs: context.inputs,
      attempt: context.attempt,
      executor: launched.executor,
      slice,
      baseTree: prepared.base.tree,
      parents: prepared.upstream,
      usage: launched.usage,
      proofCommands: [],
      envelope: null,
      failures: [],
      state: 'collected',
      cages: { agent: launched.cage, proofs: null },
      sessionId: launched.sessionId,
      ...claimOf(context),
    }),
  });
  if (!sealed.ok) return sealed;
  // Only now: the work is safe, and looking through node_modules takes time.
  const isHeld = launched.cage !== null && isOurs(launched.cage);
  for (const path of isHeld ? [] : await edges.git.findWritesThroughLinks(checkout)) {
    edges.print(
      `warning: ${visibleName(path)} of your own node_modules changed while agent ${agent.unitId} ran`,
    );
    context.journal.record('user.node-modules-changed', { path });
  }
  await removePath(draft);
  const kept = artifacts.length > 0 ? join(sealed.value.folder, bundleFiles.artifacts) : null;
  return ok({ slice: { ...slice, artifactDir: kept }, bundle: sealed.value, refusals });
}

/** The slice of a stored bundle, in the tree that merging it on today's base gave. */
export function reviveSlice(startTree: string, stored: Bundle): CollectedSlice {
  const { changes, artifacts } = stored.manifest.predicate;
  return {
    tree: startTree,
    changes,
    artifacts,
    artifactDir: artifacts.length > 0 ? join(stored.folder, bundleFiles.artifacts) : null,
  };
}
