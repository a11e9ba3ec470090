import { useOf, type ProofAsk, type StoredWork } from './proof-use';

const ask: ProofAsk = {
  workKey: 'w',
  acceptanceKey: 'a',
  revoked: new Set(['gone']),
  trust: 'reprove',
  adopted: null,
};
const person = { id: 'person', model: null, adopted: true };

const stored = (
  predicate: Partial<StoredWork['manifest']['predicate']> = {},
  more: Partial<StoredWork> = {},
): StoredWork => ({
  proofDigest: 'd',
  manifest: {
    predicate: {
      state: 'owned_slice_proven',
      workKey: 'w',
      acceptanceKey: 'a',
      resultDigest: 'r',
      executor: { id: 'local', model: null },
      ...predicate,
    },
  },
  ...more,
});

it.each<[string, StoredWork, Partial<ProofAsk>, ReturnType<typeof useOf>]>([
  ['proof for these keys', stored(), {}, 'serve'],
  ['proof for other work', stored({ workKey: 'x' }), {}, 'nothing'],
  ['proof by other rules', stored({ acceptanceKey: 'x' }), {}, 'verify'],
  ['proof from elsewhere', stored({}, { foreign: true }), {}, 'verify'],
  ['proof from elsewhere that is trusted', stored({}, { foreign: true }), { trust: 'digest' }, 'serve'],
  [
    'trusted proof from elsewhere by other rules',
    stored({ acceptanceKey: 'x' }, { foreign: true }),
    { trust: 'digest' },
    'verify',
  ],
  ['revoked proof', stored({}, { proofDigest: 'gone' }), {}, 'nothing'],
  ['work that nobody has judged', stored({ state: 'collected' }), {}, 'verify'],
  ['work that was refused', stored({ state: 'not_proven' }), {}, 'nothing'],
  ["an agent's proof where a person's slice stands", stored(), { adopted: { resultDigest: 'p' } }, 'nothing'],
  [
    "the person's slice that stands",
    stored({ executor: person, resultDigest: 'p' }),
    { adopted: { resultDigest: 'p' } },
    'serve',
  ],
  [
    'an earlier slice of a person',
    stored({ executor: person, resultDigest: 'o' }),
    { adopted: { resultDigest: 'p' } },
    'nothing',
  ],
  ["a person's slice that the ledger does not name", stored({ executor: person }), {}, 'nothing'],
  [
    "a person's slice of a ledger that does not say for what",
    stored({ executor: person }),
    { adopted: { resultDigest: null } },
    'serve',
  ],
  ['proof that did not hold here', stored({}, { foreign: true }), { refused: new Set(['d']) }, 'nothing'],
])('%s', (_name, work, more, use) => {
  expect(useOf(work, { ...ask, ...more })).toBe(use);
});
