import { useOf, type ProofAsk, type StoredWork } from './proof-use';

const ask: ProofAsk = { workKey: 'w', acceptanceKey: 'a', revoked: new Set(['gone']), trust: 'reprove' };

const stored = (
  predicate: Partial<StoredWork['manifest']['predicate']> = {},
  more: Partial<StoredWork> = {},
): StoredWork => ({
  proofDigest: 'd',
  manifest: { predicate: { state: 'owned_slice_proven', workKey: 'w', acceptanceKey: 'a', ...predicate } },
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
  ['proof that did not hold here', stored({}, { foreign: true }), { refused: new Set(['d']) }, 'nothing'],
])('%s', (_name, work, more, use) => {
  expect(useOf(work, { ...ask, ...more })).toBe(use);
});
