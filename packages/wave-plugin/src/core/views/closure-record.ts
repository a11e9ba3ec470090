import type { Closure } from '@nx-wave/schemas';
import { planRetry } from '../retry/plan-retry';
import { reduceWave } from '../state/reduce-wave';
import type { WaveEvidence } from '../state/wave-evidence';
import { nextCommand } from './next-command';

/** The record that `launch` writes: what was judged, and the command that comes once it is written. */
export function closureRecord(closure: Closure, evidence: WaveEvidence): Closure {
  const state = reduceWave({ ...evidence, closed: closure.state === 'closed' });
  return { ...closure, next: nextCommand({ state, plan: planRetry(state), closure }) };
}
