import type { RetryPlan } from '@nx-wave/schemas';
import type { FailureCode } from '@nx-wave/schemas/plain';
import type { UnitState, WaveState } from '../state/wave-state';

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
  'agent-too-long',
  'agent-rate-limited',
  'agent-quota',
  'agent-auth',
  'agent-overloaded',
  'agent-network',
]);

type ExecutorChange = RetryPlan['executor_changes'][number];

/**
 * The executor changes of a plan, in the order of the units: along the agent's own fallbacks, none when sticky, never to
 * the same one, never to one that was tried, and never to one that already has as many agents as the lane allows.
 */
export function executorChanges(state: WaveState, units: readonly UnitState[]): ExecutorChange[] {
  const running = new Map(state.units.map(({ agentId, executor }) => [agentId, executor.id]));
  const hasRoom = (executorId: string) =>
    [...running.values()].filter((id) => id === executorId).length <
    (state.runtimeMixTargets[executorId] ?? Infinity);
  return units.flatMap((unit) => {
    const { id, sticky, fallbacks, tried } = unit.executor;
    if (sticky || !unit.failures.some(({ code }) => executorsFault.has(code))) return [];
    const to = fallbacks.find((other) => other !== id && !tried.includes(other) && hasRoom(other));
    if (to === undefined) return [];
    running.set(unit.agentId, to);
    return [{ agentId: unit.unitId, from: id, to }];
  });
}
