/** What can stand between a wave and the store that several machines share. */
export const storeFailures = {
  'store-url-invalid': 'The address of the shared store is none that can be used.',
  'store-periods-invalid':
    'The periods of the shared store contradict each other: two machines could pay for one agent at once.',
  'store-client-missing': 'The client library for the address of the shared store is not installed.',
  'store-unsafe':
    'The shared store does not keep its conditions: it let two create the same object, or replaced one against a wrong tag.',
  'store-credentials': 'The shared store does not accept the credentials, or they may not do this.',
  'machines-unprotected':
    'Several machines may run a wave, and what each pays, counts and has unfinished is known to it alone.',
  'store-other-repository': 'The shared store belongs to another repository.',
  'store-object-damaged': 'An object of the shared store is not whole, or not what its name says.',
  'claim-held': 'Another machine works at the same agent, and did not finish while this one waited.',
  'claim-lost':
    'This machine lost its claim on the work to another one, or could not renew it in time; nothing was published.',
} as const;
