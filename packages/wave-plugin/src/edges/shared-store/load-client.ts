import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import type { BackendContext } from './backend-context';

/** Loads the client library of a store, an optional peer, as whatever is used of it. Codes: store-client-missing. */
export async function loadClient<L>(
  { load }: BackendContext,
  { store, library }: { store: string; library: string },
): Promise<Result<L>> {
  try {
    return ok((await load(library)) as L);
  } catch {
    return err(
      failure('store-client-missing', `The shared store ${store} needs the package ${library}.`, {
        next: `npm install --save-dev ${library}`,
      }),
    );
  }
}
