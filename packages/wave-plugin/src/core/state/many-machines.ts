import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { StoreSettings } from '../model';

/** Variables of Nx where tasks of one run may be on several machines: the CI run, the switch, and the name of an agent. */
const signs = ['NX_CI_EXECUTION_ID', 'NX_CLOUD_DISTRIBUTED_EXECUTION', 'NX_AGENT_NAME'] as const;

/**
 * What nothing protects where several machines may run a wave, each a clone of its own with its own leases, budget and memory.
 * Null where there is no sign of it. Code: machines-unprotected.
 */
export function unprotectedMachines(
  env: Readonly<Record<string, string | undefined>>,
  { store }: { store: Pick<StoreSettings, 'url' | 'path'> },
): Failure | null {
  const sign = signs.find((name) => env[name] && env[name] !== 'false');
  if (sign === undefined || store.url !== null || store.path !== null) return null;
  return failure(
    'machines-unprotected',
    `Several machines may run this wave (${sign} is set), and no store is shared: each machine pays by itself for the same work, counts budget, attempts and places by itself, and takes its unfinished work with it when it is lost.`,
    {
      severity: 'warning',
      place: { path: 'wave.config.json' },
      next: 'Let one machine run the agents, or set store.url to a store that all of them reach.',
    },
  );
}
