import type { BundlePredicate, LedgerEntry } from '@nx-wave/schemas';
import { buildFileEvidence } from '../../testing/slice-evidence';
import { isReleased, secretWaiver, sliceWaiver } from './slice-waivers';

const waived = (code: string, agentId: string | null = 'A1'): LedgerEntry => ({
  ...{ schemaVersion: 1, id: '01J00000000000000000000001', wave: 'wave-3', by: 'Ada', reason: 'because' },
  ...{ recordedAt: '2026-01-02T03:04:05.000Z', type: 'gate.waived', code, agentId },
});

it.each<[string, LedgerEntry[] | undefined, string | null]>([
  ['nobody has decided anything', undefined, null],
  ['it is waived for the agent', [waived('slice-empty')], 'Ada: because'],
  ['it is waived for every agent', [waived('slice-empty', null)], 'Ada: because'],
  ['it is waived for another agent', [waived('slice-empty', 'A2')], null],
  ['something else is waived', [waived('outside-writes')], null],
])('a code of a slice is waived by whoever did that, and why: %s', (_case, ledger, expected) => {
  expect(sliceWaiver(buildFileEvidence({}, ledger && { ledger }), 'slice-empty')).toBe(expected);
});

it('a waiver of secrets waives nothing else, and nothing else waives secrets', () => {
  const evidence = (code: string) => buildFileEvidence({}, { ledger: [waived(code)] });
  expect(secretWaiver(evidence('secret-in-slice'))).toBe('Ada: because');
  expect(secretWaiver(evidence('slice-empty'))).toBeNull();
});

describe('work that was refused', () => {
  const all = ['secret-in-slice', 'slice-empty', 'outside-writes'];
  it.each<[string, string[], LedgerEntry[], boolean]>([
    ['all that it was refused for is waived', all, all.map((code) => waived(code)), true],
    ['one reason is left', all, [waived('secret-in-slice'), waived('slice-empty')], false],
    ['it is waived for another agent', ['slice-empty'], [waived('slice-empty', 'A2')], false],
    ['a remark stands beside', ['slice-empty', 'agent-unclear'], [waived('slice-empty')], true],
    ['what nobody can waive is waived', ['deliverable-missing'], [waived('deliverable-missing')], false],
    ['a name that every object has is waived', ['toString'], [waived('toString')], false],
    ['there are only remarks', ['agent-tools-denied'], [waived('agent-tools-denied')], false],
    ['there is no reason', [], [waived('slice-empty')], false],
  ])('is judged again or not where %s', (_case, failures, ledger, expected) => {
    expect(isReleased(refused(failures), ledger)).toBe(expected);
  });

  it.each<BundlePredicate['state']>(['collected', 'owned_slice_proven'])(
    'is the only work that a waiver releases: not what is %s',
    (state) =>
      expect(isReleased({ ...refused(['slice-empty']), state }, [waived('slice-empty')])).toBe(false),
  );

  function refused(failures: string[]): Pick<BundlePredicate, 'state' | 'agentId' | 'failures'> {
    return {
      state: 'not_proven',
      agentId: 'A1',
      failures: failures.map((code) => ({ code, message: code })),
    };
  }
});
