import { join } from 'node:path';
import { checkpointSchema, type Checkpoint } from '@nx-wave/schemas';
import { canonicalJson, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { count } from '../../core/count';
import { parseJson } from '../../core/parse-json';
import {
  belongsInCheckpoint,
  isArtifactOfCheckpoint,
  isNewerThan,
  refusalOfCheckpoint,
  type CheckpointRoom,
} from '../../core/shared-store/checkpoint';
import { hashFile, readBytes, readText } from '../../edges/files/read-file';
import { copyUnflushed, writeUnflushed } from '../../edges/files/write-file';
import { placeInside } from '../../edges/files/place-inside';
import type { Checkout } from '../../edges/git/contracts';
import { bundleFiles } from '../../edges/store/bundle';
import { signatureSuffix } from '../../core/trust/signatures';
import { signFile } from '../session/signatures';
import { withScratch, type SharedWork } from '../session/shared-work';
import { sliceOf, type Slice } from '../slices/slices';
import { grantedPaths } from './agent-prompt';
import type { AttemptContext } from './attempt';
import type { AttemptHistory } from './attempt-history';
import { artifactPathsOf } from './collect-slice';
import { findSecrets } from './find-secrets';
import { prepareCheckout, type StartedCheckout } from './prepare-checkout';
import { specDigest } from './record-attempt';

const checkpointFile = 'checkpoint.json';
/** What a machine that is told to end has left for its last checkpoint, and how much it tries to send within that. */
const last = { limitMs: 3_000, maxBytes: 32 * 2 ** 20 } as const;

/** Copies of the work under way, in the store that machines share. */
export interface Checkpoints {
  /** Waits for the copy that is being made: nothing looks at the checkout any more. */
  stop(): Promise<void>;
  /** The work as it stands at the end, or the newest copy there is; null where the claim knows the newest already. */
  last(): Promise<string | null>;
}

const none: Checkpoints = { stop: async () => undefined, last: async () => null };

/** From now on a copy every `checkpointMs`, until `stop`. A copy that fails is told and costs nobody anything. */
export async function keepCheckpoints(context: AttemptContext, checkout: Checkout): Promise<Checkpoints> {
  const { session, agent, claim } = context;
  const joined = claim && session.shared !== null ? await session.shared.join() : null;
  if (!claim || joined === null || !joined.ok || session.shared === null) return none;
  const { checkpointMs } = session.shared.periods;
  const { clock, print } = session.edges;
  const stopped = new AbortController();
  let newest: string | null = null;
  const running = keep(joined.value);
  return {
    async stop() {
      stopped.abort();
      await running;
    },
    async last() {
      const taken = await take(joined.value, { ...last, signal: AbortSignal.timeout(last.limitMs) });
      if (!taken.ok) print(`warning: ${agent.unitId}: its last minutes are not kept: ${taken.error.message}`);
      return taken.ok ? taken.value : newest;
    },
  };

  async function keep(shared: SharedWork): Promise<void> {
    for (;;) {
      await clock.sleep(checkpointMs, stopped.signal);
      if (stopped.signal.aborted) return;
      const taken = await take(shared, { limitMs: checkpointMs, signal: stopped.signal });
      if (!taken.ok) {
        if (!stopped.signal.aborted)
          print(`warning: ${agent.unitId}: no checkpoint could be made: ${taken.error.message}`);
      } else if (taken.value !== null && taken.value !== newest) {
        const digest = taken.value;
        newest = digest;
        // Not waited for: where the store gives no answer, a machine that is told to end would wait for it.
        void claim?.keepCheckpoint(digest).then(() => {
          print(`${agent.unitId}: checkpoint kept in the shared store`);
          context.journal.record('checkpoint.kept', { digest });
        });
      }
    }
  }

  function take(
    shared: SharedWork,
    limits: { limitMs: number; maxBytes?: number; signal: AbortSignal },
  ): Promise<Result<string | null>> {
    return withScratch(session.edges, async (home) => {
      const folder = join(home, 'archive');
      const laid = await layCheckpoint(context, checkout, folder);
      if (!laid.ok || !laid.value) return laid.ok ? ok(null) : laid;
      return shared.upload('checkpoint', folder, limits);
    });
  }
}

/** False where there is nothing yet, or what there is must not leave this machine. */
async function layCheckpoint(
  context: AttemptContext,
  checkout: Checkout,
  folder: string,
): Promise<Result<boolean>> {
  const { session, agent, inputs } = context;
  const room = roomOf(context);
  const collected = await session.edges.git.collect(checkout, {
    artifactPaths: artifactPathsOf(session, agent),
    packFile: join(folder, bundleFiles.objects),
    partial: true,
    only: (change) => belongsInCheckpoint(change, room),
  });
  if (!collected.ok) return collected;
  const { changes } = collected.value;
  const artifacts = collected.value.artifacts.filter((one) => isArtifactOfCheckpoint(one, room));
  if (changes.length + artifacts.length === 0) return ok(false);
  const { sightings } = await findSecrets(session, checkout, { changes, artifacts });
  if (sightings.length > 0) {
    session.edges.print(`${agent.unitId}: no checkpoint, since its work holds a secret`);
    return ok(false);
  }
  for (const { path } of artifacts) {
    const source = await placeInside(checkout.workspaceDir, path);
    const copied = source === null ? ok(undefined) : await copyUnflushed(source, artifactAt(folder, path));
    if (!copied.ok) return copied;
  }
  const checkpoint: Checkpoint = {
    schemaVersion: 1,
    wave: session.wave.identity.project,
    agentId: agent.unitId,
    workKey: inputs.workKey,
    specDigest: specDigest(session, agent),
    run: context.shared?.run ?? '',
    token: context.marker,
    continuedFrom: context.shared?.continuedFrom ?? null,
    changes,
    artifacts,
  };
  const path = join(folder, checkpointFile);
  const written = await writeUnflushed(path, `${canonicalJson(checkpoint)}\n`);
  if (!written.ok) return written;
  const unsigned = await signFile(session, path);
  return unsigned === null ? ok(true) : { ok: false, error: unsigned };
}

const artifactAt = (folder: string, path: string) => join(folder, bundleFiles.artifacts, path);

function roomOf({ session, agent }: Pick<AttemptContext, 'session' | 'agent'>): CheckpointRoom {
  return {
    owned: [...agent.ownedPaths, ...grantedPaths(session, agent)],
    places: session.wave.identity,
  };
}

/** A checkout with what its agent goes on from. */
export interface Start extends StartedCheckout {
  /** It is the work of an agent that was cut off. */
  cutOff: boolean;
}

/**
 * The checkout of an attempt: the base, and on it the newest work there is, of this machine or of the one that had the claim
 * before. What cannot be used is told, and the attempt starts without it.
 */
export async function prepareStart(context: AttemptContext, history: AttemptHistory): Promise<Result<Start>> {
  const { session, claim } = context;
  const digest = claim?.checkpoint ?? null;
  const joined = claim ? await session.shared?.join() : null;
  if (joined?.ok === true) context.shared = { run: joined.value.run, continuedFrom: null };
  if (digest !== null && joined?.ok === true) {
    const tried = await joined.value.withArchive('checkpoint', digest, (folder) =>
      startFrom(context, history, { folder, digest }),
    );
    if (tried.ok && tried.value !== null) return ok(tried.value);
    if (!tried.ok) session.edges.print(`warning: ${tried.error.message}`);
  }
  const own = history.continueFrom === null ? null : sliceOf(history.continueFrom);
  const opened = await prepareCheckout(context, own);
  return opened.ok ? ok({ ...opened.value, cutOff: false }) : opened;
}

/** Null where the attempt starts without the checkpoint. */
async function startFrom(
  context: AttemptContext,
  history: AttemptHistory,
  { folder, digest }: { folder: string; digest: string },
): Promise<Start | null> {
  const { session, agent } = context;
  const { print } = session.edges;
  const checkpoint = checkpointSchema.safeParse(parseJson(await readText(join(folder, checkpointFile))));
  if (!checkpoint.success) return unused('it is none that this version can read');
  const own = history.continueFrom?.manifest.predicate;
  const known = { claimToken: own?.['claimToken'], continuedFrom: own?.['continuedFrom'] };
  if (isNewerThan(known, checkpoint.data, digest)) return null;
  const why = await refusalOf(context, checkpoint.data, folder);
  if (why !== null) return unused(why);
  const opened = await prepareCheckout(context, await sliceOfCheckpoint(checkpoint.data, folder));
  if (!opened.ok) return unused(opened.error.message);
  if (!opened.value.ownApplied) {
    await opened.value.close();
    return unused('it does not apply on the base of this machine');
  }
  const { changes, artifacts } = checkpoint.data;
  print(`${agent.unitId}: goes on from a checkpoint of ${count(changes.length + artifacts.length, 'file')}`);
  context.journal.record('checkpoint.continued', { digest });
  if (context.shared) context.shared.continuedFrom = digest;
  return { ...opened.value, cutOff: true };

  function unused(reason: string): null {
    print(`${agent.unitId}: starts without the checkpoint of another machine: ${reason}`);
    return null;
  }
}

async function refusalOf(
  context: AttemptContext,
  checkpoint: Checkpoint,
  folder: string,
): Promise<string | null> {
  const { session, agent, inputs } = context;
  const { trust } = session.wave.settings;
  return refusalOfCheckpoint(checkpoint, {
    ...roomOf(context),
    workKey: inputs.workKey,
    specDigest: specDigest(session, agent),
    run: context.shared?.run ?? '',
    trust,
    isSigned: trust === 'signed' && (await isSigned(context, folder)),
  });
}

async function isSigned({ session }: AttemptContext, folder: string): Promise<boolean> {
  const { signers } = session.signing;
  const path = join(folder, checkpointFile);
  const message = await readBytes(path);
  const signature = await readText(path + signatureSuffix);
  if (signers === null || message === null || signature === null) return false;
  const verified: Result<string, Failure> = await session.edges.signatures.verify({
    message,
    signature,
    signers,
  });
  return verified.ok;
}

async function sliceOfCheckpoint(checkpoint: Checkpoint, folder: string): Promise<Slice> {
  const { agentId, changes, artifacts } = checkpoint;
  const pack = join(folder, bundleFiles.objects);
  return {
    sliceId: agentId,
    resultDigest: '',
    changes,
    artifacts,
    packFile: (await hashFile(pack)) === null ? null : pack,
    artifactDir: artifacts.length > 0 ? join(folder, bundleFiles.artifacts) : null,
  };
}

/**
 * The task is cancelled, and this machine may be gone in a moment: the work as it stands is sent, and the claim is free for the
 * next, before anything is kept here.
 */
export async function drain({ session, claim }: AttemptContext, checkpoints: Checkpoints): Promise<void> {
  if (!claim || !session.edges.signal.aborted || claim.lost.aborted) return;
  await claim.release({ end: 'interrupted' }, await checkpoints.last());
}
