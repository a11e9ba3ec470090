import { planRetry } from '../retry/plan-retry';
import { retryEntry, type RetryEntry } from '../retry/retry-entry';
import type { WaveState } from '../state/wave-state';

/** What sending these units back writes to the ledger, in the words of `retry --apply`, and of nobody else. */
export function repairEntry(state: WaveState, agents: readonly string[]): RetryEntry {
  const plan = planRetry(state, { agents: [...agents] });
  const entry = retryEntry(state, plan, { fresh: false, agents });
  const asked = ({ agentId }: { agentId: string }) => agents.includes(agentId);
  return {
    type: 'retry.applied',
    agents: [...agents].sort(),
    fresh: false,
    executorChanges: (entry?.executorChanges ?? []).filter(asked),
    inbox: (entry?.inbox ?? []).filter(asked),
  };
}
