import { ok, type Result } from '@nx-wave/schemas/plain';
import { type Checkout } from './contracts';
import { runnerGit, stateOf, type CheckoutOwner } from './checkout-state';
import { guardIo } from './io-failure';
import { readBlobs } from './read-file-at';

/** Blobs by id, out of everything that a checkout stands on: the repository, merged bases and the slice itself. */
export function readCheckoutBlobs(
  { host, registry }: CheckoutOwner,
  checkout: Checkout,
  oids: readonly string[],
): Promise<Result<ReadonlyMap<string, Uint8Array>>> {
  return guardIo<ReadonlyMap<string, Uint8Array>>(
    'checkout-failed',
    'reading what a slice changed',
    async () => {
      if (oids.length === 0) return ok(new Map());
      const known = stateOf(registry, checkout);
      if (!known.ok) return known;
      const { env } = await runnerGit(host, checkout, known.value);
      return readBlobs({ cwd: checkout.root, env }, oids);
    },
  );
}
