import type { LedgerEntry } from '@nx-wave/schemas';
import { buildFileEvidence } from '../../testing/slice-evidence';
import { checkSecrets, secretNotes } from './check-secrets';
import type { FileEvidence, SecretsSeen } from './slice-evidence';

const sure = { path: 'src/a.ts', line: 3, variable: 'A_TOKEN', certain: true };
const likely = { path: 'src/b.ts', line: 1, variable: 'B_TOKEN', certain: false };
const inName = { path: 'src/[redacted].ts', line: null, variable: 'A_TOKEN', certain: true };
const waived: LedgerEntry = {
  schemaVersion: 1,
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  wave: 'wave-3',
  recordedAt: '2026-01-01T00:00:00.000Z',
  by: 'Ada',
  reason: 'a test key',
  type: 'gate.waived',
  code: 'secret-in-slice',
  agentId: 'A1',
};
const otherwise = { ...waived, agentId: 'A2' };
const seen = (secrets: Partial<SecretsSeen>, ledger: LedgerEntry[] = []): FileEvidence =>
  buildFileEvidence({}, { secrets: { sightings: [], unsearched: [], ...secrets }, ledger });

describe('secrets in a slice', () => {
  it.each<[string, FileEvidence, string[], RegExp[]]>([
    ['none', seen({}), [], []],
    ['a sure one', seen({ sightings: [sure] }), ['src/a.ts'], []],
    ['a likely one', seen({ sightings: [likely] }), [], [/src\/b\.ts, line 1, .*B_TOKEN.*too short/]],
    ['both', seen({ sightings: [sure, likely] }), ['src/a.ts'], [/B_TOKEN/]],
    ['one in the name of a file', seen({ sightings: [inName] }), ['src/[redacted].ts'], []],
    ['a waived one', seen({ sightings: [sure] }, [waived]), [], [/A_TOKEN\. Waived by Ada: a test key/]],
    ['one that is waived for another agent', seen({ sightings: [sure] }, [otherwise]), ['src/a.ts'], []],
    [
      'a file that nobody looked through',
      seen({ unsearched: ['src/big.bin'] }),
      [],
      [/src\/big\.bin: too large/],
    ],
  ])('are refused where they are sure and nobody waived them: %s', (_title, evidence, refused, notes) => {
    expect(checkSecrets(evidence).map(({ place }) => place?.path)).toStrictEqual(refused);
    const said = secretNotes(evidence);
    expect(said.map(({ severity }) => severity)).toStrictEqual(notes.map(() => 'note'));
    notes.forEach((pattern, at) => expect(said[at]?.message).toMatch(pattern));
  });

  it('are told by path and variable, with both ways out', () => {
    expect(checkSecrets(seen({ sightings: [sure] }))).toMatchObject([
      {
        code: 'secret-in-slice',
        message: expect.stringContaining('src/a.ts, line 3, holds the value of the secret variable A_TOKEN'),
        next: expect.stringMatching(
          /\(nx run wave-3:agent-a1\).*nx run wave-3:decide --waive secret-in-slice --agent A1 --reason/,
        ),
      },
    ]);
  });

  it('are not refused and not spoken of where nobody has looked', () => {
    expect(checkSecrets(buildFileEvidence())).toStrictEqual([]);
    expect(secretNotes(buildFileEvidence())).toStrictEqual([]);
  });

  it('that refuse nothing are told with their place, and files that nobody looked through of the slice as a whole', () => {
    const slice = { wave: 'wave-3', agentId: 'A1' };
    expect(
      secretNotes(seen({ sightings: [likely], unsearched: ['src/big.bin'] })).map(({ place }) => place),
    ).toStrictEqual([{ ...slice, path: 'src/b.ts' }, slice]);
  });

  it('in the name of a file are told without a line', () => {
    expect(checkSecrets(seen({ sightings: [inName] }))[0]?.message).toContain(
      'the name of src/[redacted].ts holds the value of the secret variable A_TOKEN',
    );
  });
});
