import { agentFailures } from './agent';
import { closureFailures } from './closure';
import { gitFailures } from './git';
import { runFailures } from './run';
import { storeFailures } from './store';
import { waveFailures } from './wave';

/**
 * Every code that a failure can carry, with one honest sentence each. Codes are stable: they are never renamed. What gates
 * say has codes of its own, declared by each gate.
 */
export const failureCodes = {
  ...waveFailures,
  ...agentFailures,
  ...gitFailures,
  ...runFailures,
  ...storeFailures,
  ...closureFailures,
} as const;

export type FailureCode = keyof typeof failureCodes;
