import { ledgerEntrySchema, type LedgerEntry } from '@nx-wave/schemas';
import fc from 'fast-check';
import { buildAgent, buildWave } from '../../testing/resolved';
import { ledgerView } from './ledger-view';
import { isLanded, withExecutorChanges } from './ledger';
import { isLedgerEntry, isOfLedger } from './ledger-shape';

const head = {
  schemaVersion: 1,
  id: '01J00000000000000000000001',
  wave: 'wave-3',
  recordedAt: '2026-01-02T03:04:05.000Z',
  by: 'sam',
  reason: 'because',
};
const digest = 'f'.repeat(64);
const bodies: Record<string, unknown>[] = [
  { type: 'wave.landed', closureDigest: digest, changes: [], agents: [] },
  { type: 'wave.reopened' },
  { type: 'retry.applied', agents: ['A1'], fresh: false, executorChanges: [] },
  { type: 'request.answered', requestId: 'q1', agentId: 'A1', text: 'Yes.' },
  { type: 'gate.waived', code: 'cont-qa-blocked', agentId: null },
  { type: 'ownership.amended', agentId: 'A1', paths: ['src/a.ts'] },
  { type: 'contradiction.resolved', contradictionId: 'c1', kind: 'waived' },
  { type: 'request.reassigned', requestId: 'r1', to: 'A2' },
  { type: 'bundle.revoked', agentId: 'A1', proofDigest: digest },
  { type: 'slice.adopted', agentId: 'A1', proofDigest: digest },
];

describe('isOfLedger', () => {
  it.each([
    ['wave-3', 'docs/plans/waves/wave-3.ledger'],
    ['beta-wave-3', 'docs/plans/waves/wave-3.ledger'],
    ['shop-beta-wave-3', 'apps/shop/docs/beta/wave-3/wave-3.ledger'],
    ['wave-3', 'docs/plans/waves/wave-03.ledger'],
    ['wave-9', 'elsewhere'],
  ])('lets an entry of %s decide in %s', (wave, folder) => {
    expect(isOfLedger({ wave }, folder)).toBe(true);
  });

  it.each([
    ['wave-9', 'docs/plans/waves/wave-3.ledger'],
    ['wave-33', 'docs/plans/waves/wave-3.ledger'],
    ['beta-wave-9', 'docs/plans/waves/wave-3.ledger'],
    ['wave-3-draft', 'docs/plans/waves/wave-3.ledger'],
    ['', 'docs/plans/waves/wave-3.ledger'],
  ])('lets an entry of "%s" decide nothing in %s', (wave, folder) => {
    expect(isOfLedger({ wave }, folder)).toBe(false);
  });
});

describe('isLedgerEntry', () => {
  it('knows every type of the schema', () => {
    expect(bodies.map(({ type }) => type).sort()).toEqual(
      ledgerEntrySchema.options.map((option) => option.shape.type.value).sort(),
    );
  });

  it.each(bodies.map((body) => [body['type'], body]))('takes %s as the schema does', (_type, body) => {
    expect(ledgerEntrySchema.safeParse({ ...head, ...body }).success).toBe(true);
    expect(isLedgerEntry({ ...head, ...body })).toBe(true);
  });

  it('takes a waiver of a code that no gate gives any more: what was decided once stays readable', () => {
    const entry = { ...head, type: 'gate.waived', code: 'a-code-of-long-ago', agentId: 'A1' };
    expect(ledgerEntrySchema.safeParse(entry).success).toBe(true);
    expect(isLedgerEntry(entry)).toBe(true);
  });

  it('takes nothing that a decision could trip over, whatever a file holds', () => {
    const agent = buildAgent();
    const wave = buildWave([agent]);
    const entry = fc.oneof(
      fc.anything(),
      fc
        .tuple(fc.constantFrom(...bodies), fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue())
        .chain(([body, more, other]) =>
          fc
            .constantFrom(...Object.keys(body), 'id', 'none')
            .map((name) => ({ ...head, ...body, ...more, ...(name === 'none' ? {} : { [name]: other }) })),
        ),
    );
    fc.assert(
      fc.property(entry, (value) => {
        if (!isLedgerEntry(value)) return;
        const ledger: LedgerEntry[] = [value];
        expect(() => {
          isLanded(ledger);
          ledgerView(ledger, agent);
          withExecutorChanges(wave, ledger);
        }).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
