import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { StoreTrouble } from './backend';

/**
 * What a store said that gave no answer, or answered that it does not let this machine in. `trouble` is null where others were
 * quicker each time. Codes: store-unavailable, store-credentials.
 */
export function storeUnavailable(name: string, trouble: StoreTrouble | null): Failure {
  const facts = { store: name, trouble: trouble?.kind ?? 'busy' };
  if (trouble?.kind === 'credentials')
    return failure(
      'store-credentials',
      `The shared store ${name} does not let this machine in: ${trouble.detail}.`,
      {
        next: 'Renew the login in the environment (it has to read and to write), and launch again; finished work is kept until then.',
        facts,
      },
    );
  const why = trouble?.detail ?? 'others wrote to it all the time';
  return failure('store-unavailable', `The shared store ${name} gave no answer: ${why}.`, {
    next: 'Launch again when the store can be reached; finished work is kept until then.',
    facts,
  });
}

/** Whether a failure says that nobody could be asked: nothing is known of what was asked then. */
export function isStoreOutage({ code }: Pick<Failure, 'code'>): boolean {
  return code === 'store-unavailable' || code === 'store-credentials';
}
