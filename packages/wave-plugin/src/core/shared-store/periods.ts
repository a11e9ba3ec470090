import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import type { StoreSettings } from '../model';

/** How long each step of the protocol of the shared store takes or waits, in milliseconds. */
export interface ClaimPeriods {
  /** From one beat of a holder to the next. */
  beatMs: number;
  /** A claim whose version has not changed for so long, by the observer's own steady clock, has no holder. */
  deadMs: number;
  /** A holder whose last acknowledged write was sent so long ago has lost its claim. */
  lostMs: number;
  /** Within this, after the loss, every process of the agent has ended. */
  endMs: number;
  /** From one look at what is waited for to the next. */
  pollMs: number;
  /** From one checkpoint of the work to the next. */
  checkpointMs: number;
  /** So long a step that pays is tried again where the store gives no answer. */
  patienceMs: number;
  /** So long finished work waits for the store before it is left for a later launch. */
  settleMs: number;
  /** From a call that gave no answer to the next. */
  retryMs: number;
  /** So often whoever waits says so. */
  sayMs: number;
  /** So long somebody else's claim, place or budget is waited for. */
  waitMs: number;
}

/** Sources: the contract of the shared store; `deadMs` is more than `lostMs` and `endMs` together, or two would pay at once. */
export const defaultPeriods: ClaimPeriods = {
  beatMs: 60_000,
  deadMs: 180_000,
  lostMs: 120_000,
  endMs: 30_000,
  pollMs: 10_000,
  checkpointMs: 5 * 60_000,
  patienceMs: 60_000,
  settleMs: 5 * 60_000,
  retryMs: 2_000,
  sayMs: 60_000,
  waitMs: 120 * 60_000,
};

/** The periods of a configuration. Code: `store-periods-invalid`. */
export function periodsOf({
  waitMinutes,
  periods,
}: Pick<StoreSettings, 'waitMinutes' | 'periods'>): Result<ClaimPeriods> {
  const { beat, lost, end, dead } = periods;
  if (beat >= lost)
    return invalid(`store.periods.beat (${beat} s) has to be less than store.periods.lost (${lost} s)`);
  if (lost + end >= dead)
    return invalid(
      `store.periods.lost (${lost} s) and store.periods.end (${end} s) together have to be less than store.periods.dead (${dead} s), or two machines would pay at once`,
    );
  const ms = (seconds: number) => Math.round(seconds * 1_000);
  return ok({
    ...defaultPeriods,
    beatMs: ms(beat),
    lostMs: ms(lost),
    endMs: ms(end),
    deadMs: ms(dead),
    pollMs: ms(periods.poll),
    checkpointMs: ms(periods.checkpoint),
    // A machine that beats more often finds out sooner.
    retryMs: Math.min(defaultPeriods.retryMs, ms(beat) / 2),
    waitMs: waitMinutes * 60_000,
  });
}

function invalid(what: string): Result<never> {
  return err(
    failure('store-periods-invalid', `The shared store cannot be used: ${what}.`, {
      place: { path: 'wave.config.json' },
      next: 'Change store.periods in wave.config.json, for every machine alike.',
    }),
  );
}
