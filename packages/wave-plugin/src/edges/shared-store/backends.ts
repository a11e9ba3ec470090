import { ok, type Result } from '@nx-wave/schemas/plain';
import type { Backend } from '../../core/shared-store/backend';
import type { StoreAddress } from './store-url';
import { openAzblobBackend } from './azblob-backend';
import type { BackendContext } from './backend-context';
import { openFileBackend } from './file-backend';
import { openS3Backend } from './s3-backend';

type Opener<S extends StoreAddress['scheme']> = (
  address: StoreAddress & { scheme: S },
  context: BackendContext,
) => Promise<Result<Backend>>;

/** What can keep the objects of a shared store: one line each. */
const backends: { [S in StoreAddress['scheme']]: Opener<S> } = {
  file: async ({ folder }) => ok(openFileBackend(folder)),
  azblob: openAzblobBackend,
  s3: openS3Backend,
};

/** Opens the store of an address; nothing is asked of it yet. Codes: store-client-missing, store-credentials. */
export function openBackend(address: StoreAddress, context: BackendContext): Promise<Result<Backend>> {
  const open = backends[address.scheme] as Opener<StoreAddress['scheme']>;
  return open(address, context);
}
