import { failure, type Failure } from '@nx-wave/schemas/plain';

/** Variables of Nx where tasks of one run may be on several machines: the CI run, the switch, and the name of an agent. */
const signs = ['NX_CI_EXECUTION_ID', 'NX_CLOUD_DISTRIBUTED_EXECUTION', 'NX_AGENT_NAME'] as const;

/**
 * What nothing protects where several machines may run a wave, each a clone of its own with its own leases, budget and memory.
 * Null where there is no sign of it. Code: machines-unprotected.
 */
export function unprotectedMachines(
  env: Readonly<Record<string, string | undefined>>,
  { storePath }: { storePath: string | null },
): Failure | null {
  const sign = signs.find((name) => env[name] && env[name] !== 'false');
  if (sign === undefined) return null;
  const what =
    storePath === null
      ? 'each machine pays by itself for the same work, counts budget, attempts and places by itself, and takes its unfinished work with it when it is lost'
      : 'store.path shares finished work and keeps two machines from one agent, but each counts budget, attempts and places by itself, and takes its unfinished work with it when it is lost';
  return failure('machines-unprotected', `Several machines may run this wave (${sign} is set): ${what}.`, {
    severity: 'warning',
    place: { path: 'wave.config.json' },
    next:
      storePath === null
        ? 'Let one machine run the agents, or set store.path to a folder that all of them share.'
        : 'Let one machine run the agents of a wave that has a budget.',
  });
}
