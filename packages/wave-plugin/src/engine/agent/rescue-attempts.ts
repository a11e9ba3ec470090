import { dirname } from 'node:path';
import type { BundlePredicate } from '@nx-wave/schemas';
import { failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { count } from '../../core/count';
import { removePath } from '../../edges/files/remove';
import { tryAcquireLease } from '../../edges/lease/lease';
import { currentOwner } from '../../edges/lease/owner';
import type { Bundle } from '../../edges/store/bundle';
import { collectInto, rawEnvelopeFile } from './collect-slice';
import { readEnvelopeFile } from './envelope-file';
import { draftFolder } from './launch-agent';
import type { CollectedSlice } from './prove-slice';
import { sealAttempt, secretPlaces } from './record-attempt';
import { forgetRunning, readAttemptNote, readRunning, type RunningAttempt } from '../slices/attempt-note';
import { discard } from '../slices/scratch-home';
import type { Session } from '../session/session';
import { leaseFolder } from '../session/work-lease';

/**
 * Collects what killed runners left of an agent, before anyone runs it again: an attempt that was cut off in the middle
 * becomes one that the next attempt goes on from, and one whose agent had already written its envelope is only verified.
 * `heldKey` is the work key whose lease the caller has; attempts of other keys are taken over by their own. Answers why
 * work for the held key could not be kept: nobody is to be paid for it again before that is mended.
 */
export async function rescueAttempts(
  session: Session,
  agent: ResolvedAgent,
  heldKey: string,
): Promise<Failure[]> {
  const { edges } = session;
  const failures: Failure[] = [];
  const lost = await session.attempts.uncollected(session.wave.identity.project, agent.unitId);
  for (const { attempt, folder } of lost) {
    const running = await readRunning(folder);
    if (running === null) continue;
    const { workKey } = running.predicate;
    if (workKey === heldKey) {
      const failed = await rescue(session, { folder, attempt, running });
      if (failed !== null) failures.push(failed);
      continue;
    }
    const lease = await tryAcquireLease(leaseFolder(session, workKey), (marker) =>
      edges.processes.endMarked(marker),
    );
    if (!lease.ok || lease.value === null) continue;
    try {
      await rescue(session, { folder, attempt, running });
    } finally {
      await lease.value.release();
    }
  }
  return failures;
}

/** An attempt that a killed runner has left. */
interface LostAttempt {
  folder: string;
  attempt: number;
  running: RunningAttempt;
}

/** Null where the work is kept now. */
async function rescue(session: Session, lost: LostAttempt): Promise<Failure | null> {
  const { edges } = session;
  const { folder, attempt, running } = lost;
  const { home } = running.checkout.checkout;
  // Only a note in both places counts: a record alone is not followed to wherever it points.
  const there = (await readAttemptNote(dirname(home))) === folder;
  // Whoever has its lease is the only one: its runner has ended, or has given it up with the work still in the checkout.
  await edges.processes.endMarked(running.marker);
  if (there) await takeOver(session, dirname(home), running.marker);
  const taken = there ? await collectFrom(session, lost) : ok(null);
  if (!taken.ok) return notKept(session, lost, taken.error);
  const sealed = await seal(lost, taken.value);
  if (!sealed.ok) return notKept(session, lost, sealed.error);
  const { changes, artifacts } = sealed.value.manifest.predicate;
  edges.print(
    `rescued: ${count(changes.length + artifacts.length, 'file')} of attempt ${attempt}, whose runner was ended`,
  );
  await forgetRunning(folder);
  await removePath(draftFolder({ attemptFolder: folder }));
  if (there) await discard(edges, dirname(home));
  return null;
}

/**
 * The checkout is that of this process from now on: who compares checkouts of nobody meanwhile, around a program without a cage, does not
 * see what is written there to collect from it. Where that cannot be noted, collecting says what is wrong.
 */
async function takeOver({ edges }: Session, home: string, marker: string): Promise<void> {
  await edges.git.claimFolder(home, { ...currentOwner(), marker }).catch(() => undefined);
}

function notKept({ edges }: Session, { attempt, running }: LostAttempt, error: Failure): Failure {
  const { root, home } = running.checkout.checkout;
  const message = `Attempt ${attempt} of agent ${running.predicate.agentId} was cut off, and its files could not be kept yet: ${error.message}`;
  edges.print(`warning: ${message}`);
  return {
    ...error,
    message,
    next: `${error.next ?? 'Mend that'}, then launch again: no agent is paid before. Its files are in ${root}; remove ${dirname(home)} to give them up.`,
  };
}

interface Taken {
  slice: CollectedSlice;
  refusals: Failure[];
  rawEnvelope: string | null;
}

async function collectFrom(
  session: Session,
  { folder, running }: LostAttempt,
): Promise<Result<Taken | null>> {
  const { edges, redactor } = session;
  const checkout = await edges.git.reopenCheckout(running.checkout);
  // All that this can say is that the checkout is gone.
  if (!checkout.ok) return ok(null);
  const draft = draftFolder({ attemptFolder: folder });
  const collected = await collectInto(session, checkout.value, {
    draft,
    artifactPaths: running.artifactPaths,
  });
  if (!collected.ok) return collected;
  const rawEnvelope = await readEnvelopeFile(checkout.value.workspaceDir, redactor);
  return ok({ ...collected.value, rawEnvelope });
}

/** Finished work is sealed as collected, to be verified; everything else counts as an attempt that failed. */
function seal({ folder, attempt, running }: LostAttempt, taken: Taken | null): Promise<Result<Bundle>> {
  const { predicate } = running;
  const cutOff = failure('agent-interrupted', cutOffMessage(attempt, predicate, taken), {
    next: `nx run ${predicate.wave}:launch`,
  });
  const finished = taken !== null && taken.rawEnvelope !== null && taken.refusals.length === 0;
  const failures = finished ? [] : [cutOff, ...(taken?.refusals ?? [])];
  return sealAttempt(folder, finished ? 'collected' : 'final', {
    from: draftFolder({ attemptFolder: folder }),
    extra: taken === null || taken.rawEnvelope === null ? {} : { [rawEnvelopeFile]: taken.rawEnvelope },
    predicate: {
      ...predicate,
      changes: taken?.slice.changes ?? [],
      artifacts: taken?.slice.artifacts ?? [],
      ...(taken === null ? {} : secretPlaces(taken.slice)),
      state: finished ? 'collected' : 'not_proven',
      failures: failures.map(({ code, message, next }) => ({ code, message, ...(next ? { next } : {}) })),
      interrupted: true,
    },
  });
}

function cutOffMessage(attempt: number, { agentId }: BundlePredicate, taken: Taken | null): string {
  const kept = taken === null ? 'and its files are gone' : 'its files were kept';
  return `The runner of attempt ${attempt} was ended while agent ${agentId} was at work; ${kept}.`;
}
