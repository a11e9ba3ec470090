import { join } from 'node:path';
import { readVariable } from '../../core/variables';
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

/** What the environment of proof and setup commands is made of, besides that of the command. */
export interface ProofEnvironment {
  checkout: Checkout;
  marker: string;
  /** Variables that name the home and the toolchains. */
  home: Readonly<Record<string, string>>;
  /** `proof.env`. */
  variables: readonly string[];
}

/** The environment of proof and setup commands: no login, no variable of the outer run, the same on every machine. */
export function proofEnvironment(
  env: Readonly<Record<string, string>>,
  { checkout, marker, home, variables }: ProofEnvironment,
): Record<string, string> {
  const asked = variables.map(readVariable).filter((one) => one !== null);
  const given = asked.flatMap(({ name, value }) => {
    const wanted = value ?? env[name];
    return wanted === undefined ? [] : [[name, wanted] as const];
  });
  // The settings of git that an agent has written are its own.
  const { GIT_CONFIG_GLOBAL: _agents, ...ours } = checkoutEnvironment(checkout, marker);
  return agentEnvironment(env, {
    allow: [],
    adapterNames: [],
    set: { ...home, ...Object.fromEntries(given), ...ours, CI: 'true' },
  });
}
