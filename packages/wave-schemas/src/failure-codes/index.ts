import { agentFailures } from './agent';
import { gateFailures } from './gate';
import { gitFailures } from './git';
import { runFailures } from './run';
import { waveFailures } from './wave';

/** Every code that a failure can carry, with one honest sentence each. Codes are stable: they are never renamed. */
export const failureCodes = {
  ...waveFailures,
  ...agentFailures,
  ...gitFailures,
  ...runFailures,
  ...gateFailures,
} as const;

export type FailureCode = keyof typeof failureCodes;
