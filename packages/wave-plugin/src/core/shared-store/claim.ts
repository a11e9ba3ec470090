import type { Amounts, Claim, ClaimHolder, ClaimStart, StartFailure } from '@nx-wave/schemas';
import { excusesAttempt } from '../paid-attempts';
import type { ChangeStep } from './change-step';

/**
 * The claim of a work key as a state machine. Each transition looks at what is stored and says what to write, or that it is
 * written already, or why it must not be. It is asked again with what is stored by then whenever a write met another
 * version or nobody knows whether it landed: each finds its own entry, so a write that is repeated changes nothing.
 *
 *     none, free, settled (all proofs refused) ── acquire ──> held ── settle ──> settled
 *                     ^                                        │ beat, start: held
 *                     └────────── free (failed, drained) ──────┘ silent or dead: the next acquires, or somebody frees it
 */
export type Step<T> = ChangeStep<Claim, T>;

/** Another generation holds the claim, or has settled it. */
export interface Lost {
  is: 'lost';
  to: ClaimHolder | null;
  /** Proofs that stand in the claim by then. */
  proofs: string[];
}

/** Whose claim it is; what its holder knows of it by heart. */
export interface Own {
  workKey: string;
  run: string;
  holder: ClaimHolder;
}

export interface AcquireAsk extends Own {
  acceptanceKey: string;
  /** `limits.attempts`. */
  attempts: number;
  /** Proofs that do not hold on this machine, or were revoked. */
  refused: ReadonlySet<string>;
  /** The version that is stored has not changed for `deadMs`, by the asker's own steady clock. */
  silent: boolean;
  /** The holder is a process of this machine that has ended. */
  dead: boolean;
  /** The asker has seen the claim before: where it is gone now, it was deleted, perhaps below a living holder. */
  known: boolean;
}

export type Acquired =
  | {
      is: 'held';
      gen: number;
      checkpoint: string | null;
      /** Why no program may be started all the same: stored work may be judged again, nobody is paid. */
      unpaid: Refusal | null;
    }
  | { is: 'settled'; proofs: string[] }
  | { is: 'waits'; holder: ClaimHolder | null }
  | { is: 'answered'; refusal: Refusal };

/** Why nobody may be paid for a work key now. */
export type Refusal =
  | { why: 'failed-in-run'; failure: StartFailure }
  | { why: 'attempts'; failed: number; last: StartFailure | null };

/** Whether a claim is that of this holder. Its token, and not its generation alone: an object may have been deleted meanwhile. */
export function isOwn(stored: Claim, { holder }: Pick<Own, 'holder'>): boolean {
  return stored.state === 'held' && stored.holder?.token === holder.token;
}

export function decideAcquire(stored: Claim | null, ask: AcquireAsk): Step<Acquired> {
  if (stored !== null && isOwn(stored, ask)) return { do: 'done', landed: heldOf(stored, ask) };
  // Even while somebody holds it for whom none of them holds.
  const proofs = (stored?.proofs ?? []).filter((digest) => !ask.refused.has(digest));
  if (proofs.length > 0) return { do: 'stop', why: { is: 'settled', proofs } };
  if (stored === null && ask.known && !ask.silent) return { do: 'stop', why: { is: 'waits', holder: null } };
  if (stored?.state === 'held' && !ask.silent && !ask.dead)
    return { do: 'stop', why: { is: 'waits', holder: stored.holder } };
  const before = stored === null ? emptyClaim(ask) : withoutHolder(stored);
  const refusal = refusalOf(before.starts, ask);
  // The same rules would say the same of the same work; other rules have to see it first.
  if (refusal !== null && !isJudgedOtherwise(refusal, ask)) {
    // A dead holder's entry would never be closed.
    if (stored?.state === 'held')
      return {
        do: 'write',
        body: { ...before, run: ask.run, gen: before.gen + 1 },
        landed: { is: 'answered', refusal },
      };
    return { do: 'stop', why: { is: 'answered', refusal } };
  }
  const body: Claim = {
    ...before,
    state: 'held',
    gen: before.gen + 1,
    holder: ask.holder,
    run: ask.run,
    beat: 0,
  };
  return { do: 'write', body, landed: heldOf(body, ask) };
}

function heldOf(body: Claim, ask: AcquireAsk): Acquired {
  return {
    is: 'held',
    gen: body.gen,
    checkpoint: body.checkpoint,
    unpaid: refusalOf(body.starts, ask),
  };
}

function emptyClaim({ workKey, run }: Own): Claim {
  return {
    schemaVersion: 1,
    op: '',
    workKey,
    state: 'free',
    gen: 0,
    holder: null,
    run,
    beat: 0,
    used: null,
    checkpoint: null,
    proofs: [],
    starts: [],
  };
}

/** The claim as nobody holds it. A start that was open ended with its holder. */
function withoutHolder(stored: Claim): Claim {
  const starts = stored.starts.map((start) =>
    start.end === 'open' ? { ...start, end: 'lost' as const, used: stored.used ?? start.used } : start,
  );
  return { ...stored, state: restOf(stored), holder: null, used: null, starts: pruned(starts) };
}

/** Proofs that did not hold where a claim was taken for that still hold elsewhere. */
const restOf = ({ proofs }: Claim) => (proofs.length > 0 ? 'settled' : 'free');

/** Starts that nobody counts are forgotten first: a control object stays small. */
const keptStarts = 60;
function pruned(starts: ClaimStart[]): ClaimStart[] {
  if (starts.length <= keptStarts) return starts;
  const counted = (start: ClaimStart) => start.end === 'failed' || start.end === 'proven';
  const excess = new Set(
    starts
      .slice(0, -1)
      .filter((start) => !counted(start))
      .slice(0, starts.length - keptStarts),
  );
  return starts.filter((start) => !excess.has(start)).slice(-2 * keptStarts);
}

/**
 * Once per run: what failed is not paid again in the same run, whichever machine it was on. Over all runs, `limits.attempts`
 * counts the failed starts of all machines but those that ended by login, quota, rate limit, loss or cancellation.
 */
export function refusalOf(
  starts: readonly ClaimStart[],
  { run, attempts }: Pick<AcquireAsk, 'run' | 'attempts'>,
): Refusal | null {
  const failed = starts.filter(
    ({ end, failure }) => end === 'failed' && failure !== null && !excusesAttempt(failure.code),
  );
  const inRun = failed.findLast((start) => start.run === run)?.failure;
  if (inRun) return { why: 'failed-in-run', failure: inRun };
  return failed.length < attempts
    ? null
    : { why: 'attempts', failed: failed.length, last: failed.at(-1)?.failure ?? null };
}

/** The stored work of the failed start, where other rules of acceptance may find that it holds. */
export function workToJudge(
  refusal: Refusal | null,
  { acceptanceKey }: Pick<AcquireAsk, 'acceptanceKey'>,
): string | null {
  const failure = refusal === null ? null : refusal.why === 'attempts' ? refusal.last : refusal.failure;
  return failure === null || failure.acceptanceKey === acceptanceKey ? null : failure.bundle;
}

const isJudgedOtherwise = (refusal: Refusal, ask: AcquireAsk) => workToJudge(refusal, ask) !== null;

/** What its holder tells with each write: how far it is. Null checkpoint: none newer than what stands there. */
export interface Beat {
  used: Amounts | null;
  checkpoint: string | null;
}

export interface BeatAsk extends Own, Beat {
  beat: number;
}

export function decideBeat(stored: Claim, ask: BeatAsk): Step<{ is: 'held'; gen: number } | Lost> {
  const { beat, used, checkpoint } = ask;
  const landed = { is: 'held', gen: stored.gen } as const;
  if (!isOwn(stored, ask)) return { do: 'stop', why: lostTo(stored) };
  if (stored.beat >= beat) return { do: 'done', landed };
  const body = { ...stored, beat, used, checkpoint: checkpoint ?? stored.checkpoint };
  return { do: 'write', body, landed };
}

/**
 * A claim whose object is gone, as its holder writes it again: with the next generation, so that nobody who saw the former one
 * takes its place. Its start goes with it.
 */
export function rebornClaim(known: Claim): Claim {
  const gen = known.gen + 1;
  const starts = known.starts.map((start) => (start.end === 'open' ? { ...start, gen } : start));
  return { ...known, gen, starts };
}

export function lostTo({ holder, proofs }: Claim): Lost {
  return { is: 'lost', to: holder, proofs };
}

export interface StartAsk extends Own {
  attempts: number;
}

/** Admitted: the start is written before the program is started. */
export function decideStart(
  stored: Claim,
  ask: StartAsk,
): Step<{ is: 'started' } | { is: 'refused'; refusal: Refusal } | Lost> {
  if (!isOwn(stored, ask)) return { do: 'stop', why: lostTo(stored) };
  if (stored.starts.some(({ gen, end }) => gen === stored.gen && end === 'open'))
    return { do: 'done', landed: { is: 'started' } };
  const refusal = refusalOf(stored.starts, ask);
  if (refusal !== null) return { do: 'stop', why: { is: 'refused', refusal } };
  const start: ClaimStart = { gen: stored.gen, run: ask.run, end: 'open', used: null, failure: null };
  return {
    do: 'write',
    body: { ...stored, used: null, starts: pruned([...stored.starts, start]) },
    landed: { is: 'started' },
  };
}

export interface SettleAsk extends Own {
  /** Of the proof bundle, which has been uploaded. */
  digest: string;
  used: Amounts | null;
}

/** Proven: the digest stands in the claim before anything of it is published. */
export function decideSettle(stored: Claim, ask: SettleAsk): Step<{ is: 'settled' } | Lost> {
  if (stored.proofs.includes(ask.digest)) return { do: 'done', landed: { is: 'settled' } };
  if (!isOwn(stored, ask)) return { do: 'stop', why: lostTo(stored) };
  return {
    do: 'write',
    body: {
      ...stored,
      state: 'settled',
      holder: null,
      used: null,
      checkpoint: null,
      proofs: [...stored.proofs, ask.digest],
      starts: ended(stored, { end: 'proven', used: ask.used, failure: null }),
    },
    landed: { is: 'settled' },
  };
}

export interface FreeAsk extends Own {
  /** How the start ended; null where none was made, or nothing is known of it. */
  end: { end: 'failed'; failure: StartFailure } | { end: 'interrupted' } | null;
  used: Amounts | null;
  /** For the next start, where there is a newer one than what stands in the claim. */
  checkpoint: string | null;
}

/** Failed, drained, or never started: the claim is free for whoever comes next. A claim of somebody else stays as it is. */
export function decideFree(stored: Claim, ask: FreeAsk): Step<{ is: 'free' }> {
  const freed = { is: 'free' } as const;
  if (!isOwn(stored, ask)) return { do: 'done', landed: freed };
  const { end, used } = ask;
  const failure = end?.end === 'failed' ? cutShort(end.failure) : null;
  return {
    do: 'write',
    body: {
      ...stored,
      state: restOf(stored),
      holder: null,
      used: null,
      checkpoint: ask.checkpoint ?? (end?.end === 'failed' ? null : stored.checkpoint),
      starts: ended(stored, { end: end?.end ?? 'interrupted', used, failure }),
    },
    landed: freed,
  };
}

const cutShort = (failure: StartFailure): StartFailure => ({
  ...failure,
  message: failure.message.slice(0, 400),
});

function ended({ starts, gen }: Claim, end: Pick<ClaimStart, 'end' | 'used' | 'failure'>): ClaimStart[] {
  return starts.map((start) => (start.gen === gen && start.end === 'open' ? { ...start, ...end } : start));
}

/** Somebody waits for a place or for money that a dead holder still has: its claim is taken and freed in one write. */
export function decideExpire(
  stored: Claim | null,
  { workKey, gen, run }: { workKey: string; gen: number; run: string },
): Step<{ is: 'free' }> {
  const freed = { is: 'free' } as const;
  if (stored === null) {
    // Nobody knows what became of it. Made anew with a higher generation, so that its holder, if there is one, learns of it.
    const body = { ...emptyClaim({ workKey, run, holder: nobody }), gen: gen + 1 };
    return { do: 'write', body, landed: freed };
  }
  const isOver = stored.gen > gen || (stored.gen === gen && stored.state !== 'held');
  if (isOver) return { do: 'done', landed: freed };
  return { do: 'write', body: { ...withoutHolder(stored), run, gen: gen + 1 }, landed: freed };
}

const nobody: ClaimHolder = { token: '-', host: '', boot: '', pidSpace: '', pid: 1, started: '' };

export interface BreakAsk {
  run: string;
  by: string;
  reason: string;
}

/** A person frees a claim, and it says who and why. Its holder learns of it with its next beat. */
export function decideBreak(
  stored: Claim | null,
  { run, by, reason }: BreakAsk,
): Step<{ is: 'broken'; from: ClaimHolder | null } | { is: 'not-held'; from: null }> {
  if (stored === null || stored.state !== 'held')
    return { do: 'done', landed: { is: 'not-held', from: null } };
  return {
    do: 'write',
    body: {
      ...withoutHolder(stored),
      run,
      gen: stored.gen + 1,
      broken: { gen: stored.gen, by, reason },
    },
    landed: { is: 'broken', from: stored.holder },
  };
}
