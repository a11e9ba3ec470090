import { type ExecutorAdapter } from './adapter';
import { claudeAdapter } from './claude.adapter';
import { codexAdapter } from './codex.adapter';
import { localAdapter } from './local.adapter';
import { opencodeAdapter } from './opencode.adapter';

/** Every agent program that nx-wave can drive, in the order in which they are listed to people. */
export const adapterRegistry: readonly ExecutorAdapter[] = [
  codexAdapter,
  claudeAdapter,
  opencodeAdapter,
  localAdapter,
];

export function findAdapter(
  executorId: string,
  registry: readonly ExecutorAdapter[],
): ExecutorAdapter | null {
  return registry.find((adapter) => adapter.executorId === executorId) ?? null;
}
