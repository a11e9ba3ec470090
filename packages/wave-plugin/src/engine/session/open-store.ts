import { join } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import type { StoreSettings } from '../../core/model';
import { parseJson } from '../../core/parse-json';
import type { Backend } from '../../core/shared-store/backend';
import { periodsOf } from '../../core/shared-store/periods';
import { readText } from '../../edges/files/read-file';
import { loadPeer } from '../../edges/load-package';
import { openBackend } from '../../edges/shared-store/backends';
import { readStoreAddress, type StoreAddress } from '../../edges/shared-store/store-url';
import type { Edges } from './edges';
import { openSharedPlace, type SharedPlace, type SharedPlaceRequest } from './shared-work';

/** The shared store of a session; both null where none is configured. */
export interface ConfiguredStore {
  shared: SharedPlace | null;
  /** Absolute, where it is a folder. */
  storeFolder: string | null;
}

export interface StoreRequest {
  workspaceRoot: string;
  /** In the place of what the configuration names. */
  backend?: Backend;
}

/** Reads where the store is; it is opened when it is needed. Codes: store-url-invalid, store-periods-invalid. */
export function configuredStore(
  edges: Edges,
  { workspaceRoot, backend }: StoreRequest,
  settings: StoreSettings,
): Result<ConfiguredStore> {
  const address = readStoreAddress(settings, workspaceRoot);
  if (!address.ok) return address;
  const opener = openerOf(edges, address.value, backend);
  if (opener === null) return ok({ shared: null, storeFolder: null });
  const periods = periodsOf(settings);
  if (!periods.ok) return periods;
  const shared = openSharedPlace({
    edges,
    ...opener,
    periods: periods.value,
    repository: () => repositoryName(settings, workspaceRoot),
  });
  return ok({ shared, storeFolder: address.value?.scheme === 'file' ? address.value.folder : null });
}

function openerOf(
  { env }: Edges,
  address: StoreAddress | null,
  backend: Backend | undefined,
): Pick<SharedPlaceRequest, 'name' | 'open'> | null {
  if (backend !== undefined) return { name: backend.name, open: () => Promise.resolve(ok(backend)) };
  if (address === null) return null;
  return { name: address.name, open: () => openBackend(address, { env, load: loadPeer }) };
}

/** `store.repository`, or the name of the root package: nothing that differs from clone to clone. Code: store-url-invalid. */
async function repositoryName(
  { repository }: Pick<StoreSettings, 'repository'>,
  workspaceRoot: string,
): Promise<Result<string>> {
  if (repository !== null && repository !== '') return ok(repository);
  const manifest = parseJson(await readText(join(workspaceRoot, 'package.json')));
  const { name } = (manifest ?? {}) as { name?: unknown };
  if (typeof name === 'string' && name !== '') return ok(name);
  return err(
    failure(
      'store-url-invalid',
      'The shared store cannot be used: nothing tells which repository this is, and two with a wave of one name would share claims and a budget.',
      {
        place: { path: 'wave.config.json' },
        next: 'Set store.repository in wave.config.json, or a name in package.json.',
      },
    ),
  );
}
