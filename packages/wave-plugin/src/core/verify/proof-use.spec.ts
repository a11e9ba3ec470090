import type { LedgerEntry } from '@nx-wave/schemas';
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
      agentId: 'A1',
      failures: [],
      ...predicate,
    },
  },
  ...more,
});

const waiver = (agentId: string | null): LedgerEntry => ({
  schemaVersion: 1,
  id: '01',
  wave: 'wave-1',
  recordedAt: '2026-01-01T00:00:00.000Z',
  by: 'Ada',
  reason: 'a test key',
  type: 'gate.waived',
  code: 'secret-in-slice',
  agentId,
});
const refusedFor = (...codes: string[]) =>
  stored({ state: 'not_proven', failures: codes.map((code) => ({ code, message: code })) });
const released: [string, StoredWork, Partial<ProofAsk>, ReturnType<typeof useOf>][] = [
  ['work that was refused for a secret', refusedFor('secret-in-slice'), {}, 'nothing'],
  ['the same, waived', refusedFor('secret-in-slice'), { ledger: [waiver('A1')] }, 'verify'],
  ['the same, waived for all', refusedFor('secret-in-slice'), { ledger: [waiver(null)] }, 'verify'],
  ['the same, waived for another', refusedFor('secret-in-slice'), { ledger: [waiver('A2')] }, 'nothing'],
  [
    'the same with a remark that refuses nothing',
    refusedFor('secret-in-slice', 'agent-tools-denied'),
    { ledger: [waiver(null)] },
    'verify',
  ],
  [
    'work that was refused for more than that',
    refusedFor('secret-in-slice', 'proof-command-failed'),
    { ledger: [waiver(null)] },
    'nothing',
  ],
];

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
  ...released,
  [
    'work that was refused for the strength of its proof, by these very rules',
    refusedFor('proof-hollow'),
    {},
    'nothing',
  ],
  [
    'the same by other rules than those of today',
    stored({
      state: 'not_proven',
      acceptanceKey: 'x',
      failures: [
        { code: 'proof-hollow', message: '' },
        { code: 'proof-mutants', message: '' },
      ],
    }),
    {},
    'verify',
  ],
  [
    'work that other rules refused for the strength of its proof and for more',
    stored({
      state: 'not_proven',
      acceptanceKey: 'x',
      failures: [
        { code: 'proof-hollow', message: '' },
        { code: 'proof-command-failed', message: '' },
      ],
    }),
    {},
    'nothing',
  ],
  [
    'work that other rules refused for nothing that they have named',
    stored({ state: 'not_proven', acceptanceKey: 'x' }),
    {},
    'nothing',
  ],
  ['proof that did not hold here', stored({}, { foreign: true }), { refused: new Set(['d']) }, 'nothing'],
])('%s', (_name, work, more, use) => {
  expect(useOf(work, { ...ask, ...more })).toBe(use);
});
