import type { LedgerEntry } from '@nx-wave/schemas';
import { endedWaivers, ledgerOn, readLastDay } from './waiver-end';
import { waiverOf } from './ledger';

let made = 0;
const entry = (more: Partial<Record<string, unknown>>): LedgerEntry =>
  ({
    schemaVersion: 1,
    id: `01J0000000000000000000000${(made += 1) % 10}`,
    wave: 'wave-3',
    recordedAt: '2027-01-01T00:00:00.000Z',
    by: 'Ada',
    reason: 'known',
    type: 'gate.waived',
    code: 'slice-empty',
    agentId: 'A1',
    ...more,
  }) as LedgerEntry;
const landed = () => entry({ type: 'wave.landed', closureDigest: 'a', changes: [], agents: [] });

it.each([
  ['no last day', undefined, '2030-05-05T12:00:00Z', true],
  ['its last day to come', '2027-01-31', '2027-01-30T12:00:00Z', true],
  ['its last day today', '2027-01-31', '2027-01-31T23:59:59.999Z', true],
  ['its last day over', '2027-01-31', '2027-02-01T00:00:00Z', false],
])('a waiver with %s counts: %#', (_what, until, now, counts) => {
  const waiver = entry(until === undefined ? {} : { until });
  const today = ledgerOn(new Date(now), [waiver]);
  expect(waiverOf(today.inForce, { code: 'slice-empty', agentIds: ['A1'] }) !== null).toBe(counts);
  expect(today.ended).toEqual(counts ? [] : [waiver]);
});

it('leaves every other entry where it is', () => {
  const all = [landed(), entry({ until: '2026-01-01' }), entry({ type: 'wave.reopened' })];
  expect(ledgerOn(new Date('2027-01-01'), all).inForce).toEqual([all[0], all[2]]);
});

const over = { until: '2026-12-31' };
it.each<[string, LedgerEntry[], number]>([
  ['has ended', [entry(over)], 1],
  ['counts', [entry({})], 0],
  ['has ended, and a new one of the agent counts', [entry(over), entry({})], 0],
  ['has ended, and one of all agents counts', [entry(over), entry({ agentId: null })], 0],
  ['of all agents has ended, and one of an agent counts', [entry({ ...over, agentId: null }), entry({})], 1],
  ['has ended, and one of another code counts', [entry(over), entry({ code: 'other' })], 1],
  ['has ended after its wave has landed', [entry(over), landed()], 0],
])('a waiver that %s is told %#', (_what, entries, told) => {
  const warnings = endedWaivers('wave-3', ledgerOn(new Date('2027-01-01'), entries));
  expect(warnings).toHaveLength(told);
  for (const warning of warnings)
    expect(warning).toMatchObject({
      code: 'waiver-ended',
      severity: 'warning',
      message: expect.stringMatching(/^The waiver of slice-empty.* \(Ada: known\) ended on 2026-12-31/),
      next: expect.stringContaining('nx run wave-3:decide --waive slice-empty'),
    });
});

it.each([
  ['2027-01-31', '2027-01-31'],
  ['2027-01-01', '2027-01-01'],
  ['2026-12-31', null],
  ['2027-02-30', null],
  ['2027-1-31', null],
  ['tomorrow', null],
  ['2027-01-31T10:00:00Z', null],
  ['', null],
])('reads %p on the first of January 2027 as %p', (text, day) => {
  expect(readLastDay(text, new Date('2027-01-01T20:00:00Z'))).toBe(day);
});
