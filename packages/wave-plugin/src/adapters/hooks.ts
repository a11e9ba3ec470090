import { type ProgramOutcome, type SupervisionAdvice, type SupervisionHooks } from './adapter';

const firstWaitMs = 20_000;
const longestWaitMs = 180_000;
/** The least, however soon the service wants to be asked: it doubles too, so that no answer keeps a run going for ever. */
const leastWaitMs = 1_000;
/** A network that is down for longer is for a person to look at. */
const networkWaits = 3;

/**
 * What an experienced operator does. Waiting helps against a rate limit, an overload and a short network failure;
 * another program helps where this one cannot work at all; nothing helps an agent that came to its own end.
 */
export const standardHooks: SupervisionHooks = {
  onLaunch: () => ({ do: 'continue' }),
  onComplete: (outcome) => {
    switch (outcome.kind) {
      case 'success':
        return { do: 'continue' };
      case 'quota':
      case 'auth':
        return { do: 'fall-back', reason: outcome.detail };
      default:
        return { do: 'stop', reason: outcome.detail };
    }
  },
  onTimeout: (outcome) => ({ do: 'stop', reason: detailOf(outcome) }),
  onRateLimit: (outcome, seen) => {
    const reason = detailOf(outcome);
    if (outcome.kind === 'network' && seen.attempt > networkWaits) return { do: 'fall-back', reason };
    const ms = waitFor(outcome, seen.attempt);
    return seen.waitedMs + ms <= seen.limitMs ? { do: 'wait', ms, reason } : { do: 'fall-back', reason };
  },
};

/** Programs that cost nothing have nothing to wait for and never hand over to one that costs. */
export const stopOnly: SupervisionHooks = {
  onLaunch: () => ({ do: 'continue' }),
  onComplete: stopUnlessDone,
  onTimeout: stopUnlessDone,
  onRateLimit: stopUnlessDone,
};

function stopUnlessDone(outcome: ProgramOutcome): SupervisionAdvice {
  return outcome.kind === 'success' ? { do: 'continue' } : { do: 'stop', reason: outcome.detail };
}

/** The time that the service names, else doubling from twenty seconds to three minutes. `attempt` from 1. */
export function waitFor(outcome: ProgramOutcome, attempt: number): number {
  const doubled = (first: number) => Math.min(first * 2 ** (attempt - 1), longestWaitMs);
  const named = 'retryAfterMs' in outcome ? outcome.retryAfterMs : null;
  return named === null ? doubled(firstWaitMs) : Math.max(named, doubled(leastWaitMs));
}

function detailOf(outcome: ProgramOutcome): string {
  return outcome.kind === 'success' ? '' : outcome.detail;
}
