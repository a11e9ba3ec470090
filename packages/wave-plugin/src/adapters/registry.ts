import { type ExecutorAdapter } from './adapter';
import { localAdapter } from './local.adapter';

/** Every agent program that nx-wave can drive, in the order in which they are listed to people. */
export const adapterRegistry: readonly ExecutorAdapter[] = [localAdapter];

export function findAdapter(
  executorId: string,
  registry: readonly ExecutorAdapter[] = adapterRegistry,
): ExecutorAdapter | null {
  return registry.find((adapter) => adapter.executorId === executorId) ?? null;
}
