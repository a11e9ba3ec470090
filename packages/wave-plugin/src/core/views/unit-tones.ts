import type { UnitState } from '../state/wave-state';
import type { Tone } from './report/block';

/** How the state of an agent is shown wherever it is shown; none where it is neither good, bad nor waited for. */
export const unitTones: Readonly<Partial<Record<UnitState['status'], Tone>>> = {
  proven: 'good',
  failed: 'bad',
  asking: 'waiting',
  running: 'waiting',
  interrupted: 'waiting',
};
