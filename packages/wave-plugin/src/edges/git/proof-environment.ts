import { join } from 'node:path';
import type { Checkout } from './contracts';
import { agentEnvironment } from '../processes/environment';
import { runMarkerName } from '../processes/process-table';

/** Set for everything that runs in a checkout: Nx there keeps a cache of its own, so that no result of an agent's tree is ever served to the user's. */
export function checkoutEnvironment(checkout: Checkout, marker: string): Record<string, string> {
  return {
    ...checkout.env,
    PATH: join(checkout.workspaceDir, 'node_modules', '.bin'),
    TMPDIR: checkout.tmpDir,
    NX_CACHE_DIRECTORY: join(checkout.scratchDir, 'nx-cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(checkout.scratchDir, 'nx-data'),
    NX_DAEMON: 'false',
    [runMarkerName]: marker,
  };
}

/** The environment of proof and setup commands: no login, no variable of the outer run, the same on every machine. */
export function proofEnvironment(
  env: Readonly<Record<string, string>>,
  checkout: Checkout,
  marker: string,
): Record<string, string> {
  return agentEnvironment(env, {
    allow: [],
    adapterNames: [],
    set: { ...checkoutEnvironment(checkout, marker), CI: 'true' },
  });
}
