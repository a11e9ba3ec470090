import type { Amounts, Claim, ClaimHolder, StartFailure } from '@nx-wave/schemas';
import type { Failure, Result } from '@nx-wave/schemas/plain';
import type { SharedLimits } from '../../core/shared-store/admission';
import type { Backend } from '../../core/shared-store/backend';
import type { ClaimProtocol } from '../../core/shared-store/claim-protocol';
import type { ClaimPeriods } from '../../core/shared-store/periods';
import type { Moment } from '../../core/shared-store/silence';

/** Both clocks of this machine, and waiting. */
export interface ClaimClock {
  moment(): Moment;
  /** Resolves after `ms` of the steady clock, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Everything that claims need of their surroundings. */
export interface ClaimsOptions {
  backend: Backend;
  clock: ClaimClock;
  periods: ClaimPeriods;
  /** `NX_CI_EXECUTION_ID`: what failed in it is not paid again in it. */
  run: string;
  /** This process, as the holder of a claim with that token. */
  holder(token: string): ClaimHolder;
  /** A text that nobody else makes. */
  nonce(): string;
  /** Whether a holder is a process of this machine that has ended; false where that cannot be told. */
  isDead(holder: ClaimHolder): boolean;
  /** Ends what a dead holder of this machine has left at work. */
  endMarked(token: string): Promise<unknown>;
  /** One line for people. */
  print(line: string): void;
  /** The decisions; those of the product where absent. */
  protocol?: ClaimProtocol;
}

export interface ClaimAsk {
  workKey: string;
  acceptanceKey: string;
  /** `limits.attempts`. */
  attempts: number;
  /** Proofs that do not hold here or were revoked. */
  refused: ReadonlySet<string>;
  /** Marks every process that is started under the claim. */
  token: string;
  /** For messages: wave and agent. */
  project: string;
  unitId: string;
  signal: AbortSignal;
}

export type Taken =
  | { is: 'held'; claim: HeldClaim }
  | { is: 'settled'; proofs: string[] }
  | { is: 'answered'; failure: Failure };

/** How the work under a claim ended, where nothing of it is proven. */
export type ClaimEnd = { end: 'failed'; failure: StartFailure } | { end: 'interrupted' } | null;

/** A claim that this process holds: it beats by itself until it is settled, freed or lost. */
export interface HeldClaim {
  /** Aborts when the claim is lost: whatever is at work under it has to end. */
  lost: AbortSignal;
  /** Why nobody may be paid under it, though stored work may be judged again; null where an agent may run. */
  unpaid: Failure | null;
  /** Bundle of the work that other rules of acceptance refused, or null. */
  toJudge: string | null;
  /** Where the agent before was cut off: digest of an archive, or null. */
  checkpoint: string | null;
  /** The claim as it was written or read last; by then it may be that of another machine. */
  stored(): Claim;
  /** Whether its holder has settled it: another machine may have, after it was lost. */
  hasSettled(): boolean;
  /** Tells when the claim has to be renewed at the latest, now and whenever it is. */
  onRenewed(listener: (lostAt: { since: Moment; ms: number }) => void): void;
  /** Waits for a place and a reservation. Codes: `budget-spent`, `admission-waited`, `store-unavailable`, `claim-lost`. */
  admit(ask: { caps: Amounts; limits: SharedLimits }): Promise<Result<void>>;
  /** Writes the start of a program before it is started. Codes: those of `admit`, `failed-in-run`, `attempt-cap-reached`. */
  start(): Promise<Result<void>>;
  /** What the program has used so far. Answers which part of what it may use is used up, or null. */
  tell(used: Amounts): 'usd' | 'tokens' | 'minutes' | null;
  /** A checkpoint that has been uploaded. */
  keepCheckpoint(digest: string): Promise<void>;
  /** Before anything of the proof is published; its bundle has been uploaded. `claim-lost`: another machine was first. */
  settle(digest: string): Promise<Result<void>>;
  /** Gives claim, place and money back, and tells how the work ended and where it stands. Never fails: what it could not tell is printed. */
  release(end: ClaimEnd, checkpoint?: string | null): Promise<void>;
}

export interface SharedClaims {
  /** Waits for the claim of a work key, or for what makes it needless. Codes: `claim-held`, `store-unavailable`, `store-format`. */
  acquire(ask: ClaimAsk): Promise<Result<Taken>>;
  /** The archives of the proofs that a claim names, none where there is no claim; only looks. Codes: `store-unavailable`, `store-format`. */
  proofsOf(workKey: string, signal: AbortSignal): Promise<Result<string[]>>;
  /** A person frees a claim, whoever holds it; who and why stand in it. Codes: `store-unavailable`, `store-format`. */
  breakClaim(workKey: string, decision: { by: string; reason: string }): Promise<Result<Broken>>;
}

export type Broken = { is: 'broken'; from: ClaimHolder | null } | { is: 'not-held'; from: null };
