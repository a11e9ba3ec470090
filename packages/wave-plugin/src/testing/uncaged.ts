import { type ExecutorAdapter } from '../adapters/adapter';
import { adapterRegistry } from '../adapters/registry';

/** No cage where the configuration asks for none by name: most specs are about something else, and each start costs time. */
export function uncaged(
  config: Record<string, unknown>,
  adapters: readonly ExecutorAdapter[] = adapterRegistry,
): Record<string, unknown> {
  const group = (name: string) => (config[name] ?? {}) as Record<string, Record<string, unknown>>;
  const sections = Object.fromEntries(
    adapters.map(({ executorId: id }) => [id, { isolation: 'off', ...group('executors')[id] }]),
  );
  return {
    ...config,
    executors: { default: 'local', ...group('executors'), ...sections },
    proof: { isolation: 'off', ...group('proof') },
  };
}
