import type { Claim, ClaimHolder } from '@nx-wave/schemas';
import { err, ok, type Result } from '@nx-wave/schemas/plain';
import { decideBreak, workToJudge, type Acquired } from '../../core/shared-store/claim';
import { claimProtocol } from '../../core/shared-store/claim-protocol';
import { elapsed, type Moment, type Sighting } from '../../core/shared-store/silence';
import { changeObject, readObject, type StoredObject } from './change-object';
import { claimHeld, describeHolder, refusalFailure, waitCancelled } from './claim-failures';
import type { Broken, ClaimAsk, ClaimsOptions, SharedClaims, Taken } from './contracts';
import { holdClaim } from './held-claim';
import { claimKind } from './objects';

/** Claims of a shared store, for one process. */
export function openSharedClaims(options: ClaimsOptions): SharedClaims {
  return {
    acquire: (ask) => acquire(options, ask),
    proofsOf: (workKey, signal) => proofsOf(options, workKey, signal),
    breakClaim: (workKey, decision) => breakClaim(options, workKey, decision),
  };
}

async function proofsOf(
  options: ClaimsOptions,
  workKey: string,
  signal: AbortSignal,
): Promise<Result<string[]>> {
  const { clock, periods } = options;
  const begun = clock.moment();
  const looked = await changeObject<Claim, string[]>(options, claimKind(workKey), {
    decide: ({ doc }) => ({ do: 'stop', why: doc?.proofs ?? [] }),
    gaveUp: () => elapsed(begun, clock.moment()) >= periods.patienceMs,
    signal,
  });
  return looked.ok ? ok(looked.value.outcome) : looked;
}

async function breakClaim(
  options: ClaimsOptions,
  workKey: string,
  decision: { by: string; reason: string },
): Promise<Result<Broken>> {
  const { clock, periods, run } = options;
  const begun = clock.moment();
  const changed = await changeObject<Claim, Broken>(options, claimKind(workKey), {
    decide: ({ doc }) => decideBreak(doc, { run, ...decision }),
    gaveUp: () => elapsed(begun, clock.moment()) >= periods.patienceMs,
    signal: new AbortController().signal,
  });
  return changed.ok ? ok(changed.value.outcome) : changed;
}

async function acquire(options: ClaimsOptions, ask: ClaimAsk): Promise<Result<Taken>> {
  const { clock, periods, print } = options;
  const holder = options.holder(ask.token);
  const begun = clock.moment();
  const waiting = sayEachMinute(options, begun);
  const watch: Watch = { seen: null, known: false, ended: null };
  for (;;) {
    if (ask.signal.aborted) return err(waitCancelled(ask));
    const tried = await tryAcquire(options, ask, { holder, watch });
    if (!tried.ok) return tried;
    const { outcome, stored, sent } = tried.value;
    switch (outcome.is) {
      case 'held':
        return ok({ is: 'held', claim: holdAs(outcome, stored, sent) });
      case 'settled':
        return ok({ is: 'settled', proofs: outcome.proofs });
      case 'answered':
        return ok({ is: 'answered', failure: refusalFailure(ask, outcome.refusal) });
      case 'waits':
        waiting(`${ask.unitId}: waits for ${describeHolder(outcome.holder)}, which is running it`);
        if (elapsed(begun, clock.moment()) >= periods.waitMs)
          return err(claimHeld(ask, outcome.holder, Math.round(periods.waitMs / 60_000)));
        await clock.sleep(periods.pollMs, ask.signal);
    }
  }

  function holdAs(outcome: Acquired & { is: 'held' }, stored: StoredObject<Claim>, sent: Moment | null) {
    const unpaid = outcome.unpaid;
    return holdClaim(options, {
      ask,
      holder,
      // Where nothing was written now, an earlier write of ours was; how long ago is not known.
      sent: sent ?? begun,
      stored,
      unpaid: unpaid === null ? null : refusalFailure(ask, unpaid),
      toJudge: workToJudge(unpaid, ask),
    });
  }

  function sayEachMinute({ clock: { moment } }: ClaimsOptions, since: Moment) {
    let said: Moment | null = null;
    return (line: string) => {
      const now = moment();
      if (said !== null && elapsed(said, now) < periods.sayMs) return;
      said = now;
      const minutes = Math.floor(elapsed(since, now) / 60_000);
      print(minutes === 0 ? line : `${line} (${minutes} min)`);
    };
  }
}

/** What one asker has seen of an object, and whose leftovers it has ended. */
interface Watch {
  seen: Sighting | null;
  known: boolean;
  ended: string | null;
}

async function tryAcquire(
  options: ClaimsOptions,
  ask: ClaimAsk,
  { holder, watch }: { holder: ClaimHolder; watch: Watch },
) {
  const { clock, periods, run } = options;
  const protocol = options.protocol ?? claimProtocol;
  const kind = claimKind(ask.workKey);
  const begun = clock.moment();
  // Before the claim is taken: whoever takes it and dies at once must not leave the agent of the one before at work.
  const looked = await readObject(options, kind);
  const standing = looked.ok ? looked.value.doc?.holder : null;
  if (standing && standing.token !== holder.token && options.isDead(standing)) {
    await options.endMarked(standing.token);
    watch.ended = standing.token;
  }
  return changeObject(options, kind, {
    ...(looked.ok ? { from: looked.value } : {}),
    gaveUp: () => elapsed(begun, clock.moment()) >= periods.patienceMs,
    signal: ask.signal,
    decide: ({ doc, tag }) => {
      const { steadyMs } = clock.moment();
      watch.seen = protocol.observe(watch.seen, { tag, steadyMs });
      watch.known ||= doc !== null;
      return protocol.decideAcquire(doc, {
        ...ask,
        run,
        holder,
        silent: protocol.isSilent(watch.seen, { steadyMs, deadMs: periods.deadMs }),
        known: watch.known,
        dead: doc?.holder != null && doc.holder.token === watch.ended,
      });
    },
  });
}
