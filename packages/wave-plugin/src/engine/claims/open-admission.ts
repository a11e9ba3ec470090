import type { Admission, AdmissionEntry, Amounts } from '@nx-wave/schemas';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import {
  firstReservation,
  nextReservation,
  type Admitted,
  type SharedLimits,
} from '../../core/shared-store/admission';
import { claimProtocol } from '../../core/shared-store/claim-protocol';
import { absentTag, elapsed, type Moment, type Sighting } from '../../core/shared-store/silence';
import { changeObject, readObject, type ChangeResult, type StoredObject } from './change-object';
import { admissionWaited, budgetSpent, claimLost, waitCancelled } from './claim-failures';
import type { ClaimAsk, ClaimsOptions } from './contracts';
import { admissionKind, claimKind } from './objects';

export interface AdmissionRequest {
  ask: ClaimAsk;
  gen: number;
  caps: Amounts;
  limits: SharedLimits;
  /** The claim that the entry belongs to. */
  lost: AbortSignal;
}

/** A place and a part of the budget, taken by one entry of the wave's admission. */
export interface OpenAdmission {
  readonly gen: number;
  tell(used: Amounts): keyof Amounts | null;
  /** The claim was made anew with another generation. */
  move(gen: number): Promise<Result<void>>;
  close(used: Amounts | null): Promise<void>;
}

const idOf = ({ workKey, token }: ClaimAsk) => ({ workKey, token });

const nothing: Amounts = { usd: 0, tokens: 0, minutes: 0 };
const never = new AbortController().signal;

/** Waits until place and reservation are taken together, and closes meanwhile what dead holders have left open. */
export async function openAdmission(
  options: ClaimsOptions,
  request: AdmissionRequest,
): Promise<Result<OpenAdmission>> {
  const { clock, periods, print } = options;
  const { ask, gen, limits } = request;
  const protocol = options.protocol ?? claimProtocol;
  const reserve = firstReservation(request.caps, limits.budget);
  const begun = clock.moment();
  const sightings = new Map<string, Sighting>();
  let said: Moment | null = null;
  let known: StoredObject<Admission> | null = null;
  for (;;) {
    if (ask.signal.aborted) return err(waitCancelled(ask));
    if (request.lost.aborted) return err(claimLost(ask, 'silent'));
    const tryBegun = clock.moment();
    const tried: Result<ChangeResult<Admission, Admitted>> = await changeObject(
      options,
      admissionKind(ask.project),
      {
        ...(known === null ? {} : { from: known }),
        decide: ({ doc }) => protocol.decideAdmit(doc, { ...idOf(ask), gen, reserve, limits }),
        gaveUp: () => request.lost.aborted || elapsed(tryBegun, clock.moment()) >= periods.patienceMs,
        signal: ask.signal,
      },
    );
    if (!tried.ok) return tried;
    const { outcome, stored }: ChangeResult<Admission, Admitted> = tried.value;
    if (outcome.is === 'admitted') return ok(hold(options, request, { stored, reserved: outcome.reserved }));
    if (outcome.is === 'spent') return err(budgetSpent(ask, outcome));
    if (outcome.is === 'closed') return err(claimLost(ask, 'silent'));
    known = null;
    for (const entry of outcome.open)
      known = (await closeDead(options, request, { entry, sightings })) ?? known;
    if (known !== null) continue;
    const now = clock.moment();
    if (elapsed(begun, now) >= periods.waitMs)
      return err(admissionWaited(ask, Math.round(periods.waitMs / 60_000)));
    if (said === null || elapsed(said, now) >= periods.sayMs) {
      said = now;
      print(`${ask.unitId}: waits for a place or for budget that ${outcome.open.length} other agents have`);
    }
    await clock.sleep(periods.pollMs, ask.signal);
  }
}

/**
 * Closes another's open entry where its claim is not held by that generation any more; a claim that has no holder any more is
 * freed before. Gives the admission as it is then, or null where nothing was done.
 */
async function closeDead(
  options: ClaimsOptions,
  { ask }: AdmissionRequest,
  { entry, sightings }: { entry: AdmissionEntry; sightings: Map<string, Sighting> },
): Promise<StoredObject<Admission> | null> {
  const { clock, periods, run } = options;
  const protocol = options.protocol ?? claimProtocol;
  const kind = claimKind(entry.workKey);
  const looked = await readObject(options, kind);
  if (!looked.ok) return null;
  let { doc, tag } = looked.value;
  const { steadyMs } = clock.moment();
  const seen = protocol.observe(sightings.get(entry.workKey) ?? null, { tag, steadyMs });
  sightings.set(entry.workKey, seen);
  const dead = doc?.holder != null && options.isDead(doc.holder);
  const silent = protocol.isSilent(seen, { steadyMs, deadMs: periods.deadMs });
  let judged = protocol.judgeEntry(entry, doc, { silent, dead });
  const begun = clock.moment();
  const gaveUp = () => elapsed(begun, clock.moment()) >= periods.patienceMs;
  if (judged.do === 'expire') {
    if (dead && doc?.holder != null) await options.endMarked(doc.holder.token);
    const freed = await changeObject(options, kind, {
      from: { doc, tag },
      // Only this very version: another one is the sign of life that was waited for.
      decide: (now) =>
        now.tag === tag
          ? protocol.decideExpire(now.doc, { ...entry, run })
          : { do: 'stop', why: { is: 'free' } },
      gaveUp,
      signal: ask.signal,
    });
    if (!freed.ok) return null;
    ({ doc, tag } = freed.value.stored);
    judged = protocol.judgeEntry(entry, doc, { silent: false, dead: false });
  }
  if (judged.do !== 'close') return null;
  const { used } = judged;
  const closed = await changeObject(options, admissionKind(ask.project), {
    decide: ({ doc: admission }) => protocol.decideClose(admission, { ...entry, used }),
    gaveUp,
    signal: ask.signal,
  });
  return closed.ok && closed.value.stored.tag !== absentTag ? closed.value.stored : null;
}

/** An entry that is open: renews its reservation in advance, and says when what it may use is used up. */
function hold(
  options: ClaimsOptions,
  { ask, caps, limits, ...request }: AdmissionRequest,
  taken: { stored: StoredObject<Admission>; reserved: Amounts },
): OpenAdmission {
  const { clock, periods } = options;
  const protocol = options.protocol ?? claimProtocol;
  const kind = admissionKind(ask.project);
  let { gen } = request;
  let { stored, reserved } = taken;
  let used = nothing;
  let largest = nothing;
  let isRefused = false;
  let renewing: Promise<void> | null = null;
  /** What was used when it went beyond its reservation, with the renewal under way. */
  let beyond: { used: Amounts; since: Moment } | null = null;
  let isClosed = false;

  return {
    get gen() {
      return gen;
    },
    tell,
    move,
    close,
  };

  function tell(now: Amounts): keyof Amounts | null {
    largest = largerCall(largest, used, now);
    used = now;
    const wanted = isRefused ? null : nextReservation({ used, reserved, largest }, caps, limits.budget);
    if (wanted !== null) renewing ??= renew(wanted).finally(() => (renewing = null));
    const short = protocol.exceeded(used, reserved);
    if (short === null) {
      beyond = null;
      return null;
    }
    // A first call may be larger than all that was reserved: the answer is awaited, but no second call.
    if (wanted === null && renewing === null) return short;
    beyond ??= { used, since: clock.moment() };
    const isMore = used.usd !== beyond.used.usd || used.tokens !== beyond.used.tokens;
    return isMore || elapsed(beyond.since, clock.moment()) >= periods.retryMs * 5 ? short : null;
  }

  async function renew(reserve: Amounts): Promise<void> {
    const begun = clock.moment();
    const renewed = await changeObject(options, kind, {
      from: stored,
      decide: ({ doc }) => protocol.decideRenew(doc, { ...idOf(ask), gen, used, reserve, limits }),
      gaveUp: () => isClosed || elapsed(begun, clock.moment()) >= periods.patienceMs,
      signal: ask.signal,
    });
    if (!renewed.ok) return;
    ({ stored } = renewed.value);
    const { outcome } = renewed.value;
    if (outcome.is === 'renewed') reserved = outcome.reserved;
    else isRefused = true;
  }

  async function move(to: number): Promise<Result<void>> {
    const from = gen;
    const begun = clock.moment();
    const moved = await changeObject(options, kind, {
      decide: ({ doc }) => protocol.decideMove(doc, { ...idOf(ask), from, to, reserve: reserved, limits }),
      gaveUp: () => elapsed(begun, clock.moment()) >= periods.patienceMs,
      signal: ask.signal,
    });
    if (!moved.ok) return moved;
    gen = to;
    ({ stored } = moved.value);
    return moved.value.outcome.is === 'admitted' ? ok(undefined) : err(closedFailure());
  }

  function closedFailure(): Failure {
    return claimLost(ask, 'silent');
  }

  async function close(last: Amounts | null): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await renewing;
    const begun = clock.moment();
    const closed = await changeObject(options, kind, {
      decide: ({ doc }) => protocol.decideClose(doc, { ...idOf(ask), gen, used: last }),
      gaveUp: () => elapsed(begun, clock.moment()) >= periods.patienceMs,
      signal: never,
    });
    if (!closed.ok)
      options.print(
        `warning: ${ask.unitId}: its part of the budget is given back by whoever waits for it: ${closed.error.message}`,
      );
  }
}

function largerCall(largest: Amounts, before: Amounts, now: Amounts): Amounts {
  const larger = (dimension: keyof Amounts) =>
    Math.max(largest[dimension] ?? 0, (now[dimension] ?? 0) - (before[dimension] ?? 0));
  return { usd: larger('usd'), tokens: larger('tokens'), minutes: larger('minutes') };
}
