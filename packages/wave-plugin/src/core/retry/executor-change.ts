import type { RetryPlan } from '@nx-wave/schemas';
import type { FailureCode } from '@nx-wave/schemas/plain';
import type { UnitState } from '../state/wave-state';

/** Failures that blame the program and not the work: another program may do better. */
const executorsFault: ReadonlySet<string> = new Set<FailureCode>([
  'executor-unavailable',
  'agent-spawn',
  'agent-exit',
  'agent-killed',
  'agent-timeout',
  'agent-idle',
  'agent-refused',
  'agent-turn-limit',
  'agent-rate-limited',
  'agent-quota',
  'agent-auth',
  'agent-overloaded',
  'agent-network',
]);

/** The next executor along the agent's own fallbacks, or null: none when sticky, never the same, never one that was tried. */
export function executorChange(unit: UnitState): RetryPlan['executor_changes'][number] | null {
  const { id, sticky, fallbacks, tried } = unit.executor;
  if (sticky || !unit.failures.some(({ code }) => executorsFault.has(code))) return null;
  const to = fallbacks.find((fallback) => fallback !== id && !tried.includes(fallback));
  return to === undefined ? null : { agentId: unit.unitId, from: id, to };
}
