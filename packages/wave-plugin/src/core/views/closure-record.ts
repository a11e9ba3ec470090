import type { Closure } from '@nx-wave/schemas';
import { planRetry } from '../retry/plan-retry';
import { reduceWave } from '../state/reduce-wave';
import type { WaveEvidence } from '../state/wave-evidence';
import { nextCommand, type Standing } from './next-command';
import { outcomeOf } from './outcome';

/** The record that `launch` writes: what was judged, and the command that comes once it is written. */
export function closureRecord(closure: Closure, evidence: WaveEvidence): Closure {
  const state = reduceWave({ ...evidence, closed: closure.state === 'closed' });
  return standingRecord({ state, plan: planRetry(state), closure });
}

/** The record with the one next command and the word for how it ended: the same wherever it is shown or stored. */
export function standingRecord(standing: Standing): Closure {
  return { ...standing.closure, next: nextCommand(standing), outcome: outcomeOf(standing) };
}
