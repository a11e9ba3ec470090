import type { Amounts, Claim, ClaimHolder } from '@nx-wave/schemas';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { rebornClaim, type Lost, type Own, type Step } from '../../core/shared-store/claim';
import { claimProtocol } from '../../core/shared-store/claim-protocol';
import { elapsed, type Moment } from '../../core/shared-store/silence';
import { changeObject, type StoredObject } from './change-object';
import { claimLost, refusalFailure } from './claim-failures';
import type { ClaimAsk, ClaimEnd, ClaimsOptions, HeldClaim } from './contracts';
import { claimKind } from './objects';
import { openAdmission, type OpenAdmission } from './open-admission';

export interface HoldRequest {
  ask: ClaimAsk;
  holder: ClaimHolder;
  /** When the write that took the claim was sent. */
  sent: Moment;
  stored: StoredObject<Claim>;
  unpaid: Failure | null;
  toJudge: string | null;
}

/** So often both clocks are looked at: a machine that wakes up finds out soon. */
const lookMs = 5_000;

/** A claim that was just taken: beats from now on, and counts as lost as soon as it may be somebody else's. */
export function holdClaim(options: ClaimsOptions, request: HoldRequest): HeldClaim {
  const { ask, holder, unpaid, toJudge } = request;
  const { clock, periods, run } = options;
  const protocol = options.protocol ?? claimProtocol;
  const kind = claimKind(ask.workKey);
  const own: Own = { workKey: ask.workKey, run, holder };
  const stopped = new AbortController();
  const lost = new AbortController();
  const listeners: ((lostAt: { since: Moment; ms: number }) => void)[] = [];
  let { stored } = request;
  /** As it was written last; what is stored may be gone. */
  let last = writtenClaim(stored);
  /** When the last write that is known to have landed was sent. */
  let acknowledged = request.sent;
  let checkpoint: string | null = null;
  let used: Amounts | null = null;
  let why: Failure | null = null;
  let admission: OpenAdmission | null = null;
  let isStarted = false;
  let isSettled = false;
  let turn: Promise<unknown> = Promise.resolve();

  void beatUntilStopped();
  void lookAtClocks();
  return {
    lost: lost.signal,
    unpaid,
    toJudge,
    checkpoint: known().checkpoint,
    stored: known,
    hasSettled: () => isSettled,
    onRenewed(listener) {
      listeners.push(listener);
      listener({ since: acknowledged, ms: periods.lostMs });
    },
    admit,
    start,
    tell,
    async keepCheckpoint(digest) {
      checkpoint = digest;
      await beat();
    },
    settle,
    release,
  };

  function known(): Claim {
    return last;
  }

  function lose(failure: Failure): void {
    why ??= failure;
    lost.abort();
  }

  /** One change of the claim after the other: each builds on the version that the one before has left. */
  function change<T>(
    decide: (doc: Claim) => Step<T>,
    { gaveUp, signal }: { gaveUp: () => boolean; signal: AbortSignal },
  ): Promise<Result<T>> {
    const work = turn.then(async (): Promise<Result<T>> => {
      const changed = await changeObject(options, kind, {
        from: stored,
        decide: ({ doc }) => decide(doc ?? rebornClaim(last)),
        gaveUp,
        signal,
      });
      if (!changed.ok) return changed;
      ({ stored } = changed.value);
      last = stored.doc ?? last;
      const { sent } = changed.value;
      if (sent !== null && stored.doc?.holder?.token === holder.token) renewed(sent);
      return ok(changed.value.outcome);
    });
    turn = work;
    return work;
  }

  function renewed(sent: Moment): void {
    if (elapsed(acknowledged, sent) > 0) acknowledged = sent;
    for (const listener of listeners) listener({ since: acknowledged, ms: periods.lostMs });
  }

  async function beatUntilStopped(): Promise<void> {
    while (!isOver()) {
      const due = periods.beatMs - elapsed(acknowledged, clock.moment());
      await clock.sleep(Math.max(periods.retryMs, due), stopped.signal);
      if (!isOver()) await beat();
    }
  }

  function isOver(): boolean {
    return stopped.signal.aborted || lost.signal.aborted;
  }

  async function beat(): Promise<void> {
    if (isOver()) return;
    const next = known().beat + 1;
    const beaten = await change(
      (doc): Step<{ is: 'held'; gen: number } | { is: 'over' } | Lost> =>
        isOver()
          ? { do: 'stop', why: { is: 'over' } }
          : protocol.decideBeat(doc, { ...own, beat: next, used, checkpoint }),
      { gaveUp: () => isOver(), signal: stopped.signal },
    );
    if (!beaten.ok) return beaten.error.code === 'store-format' ? lose(beaten.error) : undefined;
    if (beaten.value.is === 'over') return;
    if (beaten.value.is === 'lost') return lose(claimLost(ask, beaten.value));
    const { gen } = beaten.value;
    if (admission !== null && gen !== admission.gen) {
      const moved = await admission.move(gen);
      if (!moved.ok) lose(moved.error);
    }
  }

  async function lookAtClocks(): Promise<void> {
    while (!isOver()) {
      const now = clock.moment();
      if (protocol.isLost(acknowledged, now, periods)) return lose(claimLost(ask, 'silent'));
      const left = periods.lostMs - elapsed(acknowledged, now);
      await clock.sleep(Math.max(1, Math.min(lookMs, left)), stopped.signal);
    }
  }

  async function admit(asked: Parameters<HeldClaim['admit']>[0]): Promise<Result<void>> {
    const gen = known().gen;
    const admitted = await openAdmission(options, { ask, ...asked, gen, lost: lost.signal });
    if (why !== null) {
      if (admitted.ok) await admitted.value.close(noneUsed);
      return err(why);
    }
    if (!admitted.ok) return admitted;
    admission = admitted.value;
    return known().gen === gen ? ok(undefined) : admission.move(known().gen);
  }

  async function start(): Promise<Result<void>> {
    if (unpaid !== null) return err(unpaid);
    const begun = clock.moment();
    const started = await change((doc) => protocol.decideStart(doc, { ...own, attempts: ask.attempts }), {
      gaveUp: () => lost.signal.aborted || elapsed(begun, clock.moment()) >= periods.patienceMs,
      signal: ask.signal,
    });
    if (!started.ok) return started;
    if (started.value.is === 'lost') {
      lose(claimLost(ask, started.value));
      return err(claimLost(ask, started.value));
    }
    if (started.value.is === 'refused') return err(refusalFailure(ask, started.value.refusal));
    if (why !== null) return err(why);
    isStarted = true;
    return ok(undefined);
  }

  function tell(now: Amounts): 'usd' | 'tokens' | 'minutes' | null {
    used = now;
    return admission?.tell(now) ?? null;
  }

  async function settle(digest: string): Promise<Result<void>> {
    const begun = clock.moment();
    const settled = await change(
      (doc) => protocol.decideSettle(doc, { ...own, digest, used }),
      // Finished work may settle long after the claim could not be renewed, as long as nobody has taken it.
      { gaveUp: () => elapsed(begun, clock.moment()) >= periods.settleMs, signal: ask.signal },
    );
    if (!settled.ok) return settled;
    if (settled.value.is === 'lost') {
      lose(claimLost(ask, settled.value));
      return err(claimLost(ask, settled.value));
    }
    isSettled = true;
    stopped.abort();
    return ok(undefined);
  }

  async function release(end: ClaimEnd, newest: string | null = null): Promise<void> {
    const begun = clock.moment();
    const isHeld = known().state === 'held';
    stopped.abort();
    // Whoever waits closes the entry of a claim that is not held any more: the claim goes first where time is short.
    if (isHeld) {
      const freed = await change(
        (doc) => protocol.decideFree(doc, { ...own, end, used, checkpoint: newest ?? checkpoint }),
        {
          gaveUp: () => elapsed(begun, clock.moment()) >= periods.patienceMs,
          signal: never,
        },
      );
      if (!freed.ok)
        options.print(
          `warning: ${ask.unitId}: the claim is still held in the shared store, and free to others in ${Math.ceil(periods.deadMs / 60_000)} min: ${freed.error.message}`,
        );
    }
    // By what was started here: a claim that went to somebody else tells nothing of it any more.
    await admission?.close(isStarted ? used : noneUsed);
  }
}

function writtenClaim({ doc }: StoredObject<Claim>): Claim {
  if (doc === null) throw new Error('a claim that was just taken was written');
  return doc;
}

/** Let in, and no program was started. */
const noneUsed: Amounts = { usd: 0, tokens: 0, minutes: 0 };
const never = new AbortController().signal;
