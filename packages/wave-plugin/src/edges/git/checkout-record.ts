import { lstat, rm } from '../files/at-once';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type CheckoutRegistry, collectIndexOf, indexFileOf, stateOf } from './checkout-state';
import { type Checkout, type CheckoutRecord } from './contracts';

/** What a later process needs to collect from a checkout of this one. */
export function recordCheckout(registry: CheckoutRegistry, checkout: Checkout): Result<CheckoutRecord> {
  const known = stateOf(registry, checkout);
  if (!known.ok) return known;
  const {
    setup: _setup,
    lfsStorage: _storage,
    collected: _collected,
    packageLinks: _made,
    ...state
  } = known.value;
  const { env: _env, withoutContent: _without, ...places } = checkout;
  return ok({ checkout: places, ...state });
}

/**
 * Enters the checkout of a process that has ended into the registry. Nothing runs in it any more, so it gets no
 * environment and no setup: it can be collected from and removed. Locks of git on the indexes of its runner go: a git that was killed
 * has left them, and no other would ever take them.
 */
export async function reopenCheckout(
  registry: CheckoutRegistry,
  { checkout: places, filled = [], ...state }: CheckoutRecord,
): Promise<Result<Checkout>> {
  const stat = await lstat(places.root).catch(() => null);
  if (!stat?.isDirectory()) {
    return err(
      failure('checkout-failed', `${places.root} is gone: what the agent had written there is lost.`),
    );
  }
  const checkout: Checkout = { ...places, withoutContent: [], env: {} };
  for (const index of [indexFileOf(checkout), collectIndexOf(checkout)])
    // What cannot be removed is named by git, which fails on it.
    await rm(`${index}.lock`, { force: true }).catch(() => undefined);
  registry.set(places.home, {
    ...state,
    filled,
    packageLinks: { made: new Map(), spares: null },
    lfsStorage: null,
    setup: null,
  });
  return ok(checkout);
}
