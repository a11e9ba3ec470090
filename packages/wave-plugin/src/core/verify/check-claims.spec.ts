import type { StrengthMeasured } from '@nx-wave/schemas';
import { notMeasured } from '../../proof/strength-of';
import { buildEnvelope } from '../../testing/envelopes';
import { buildStrength, buildWave } from '../../testing/resolved';
import { implementer } from '../../testing/stewards';
import { checkProofClaim } from './check-claims';

const exitContract = {
  completion: 'contract',
  durability: 'none',
  proof: 'unit',
  docImpact: 'none',
} as const;
const counted = (executed: number | null) => ({
  command: 'npm test',
  runners: ['jest'],
  tests: executed === null ? null : { executed, failed: 0, skipped: 0, files: 1 },
});

/** What is said of a claim at the level `exit`, where nothing else asks whether a test ran. */
function said(
  tests: (number | null)[],
  overrides: Partial<StrengthMeasured> = {},
  promised = true,
): string[] {
  const agent = implementer('A1', { exitContract: promised ? exitContract : null });
  const strength = {
    ...notMeasured(buildStrength({ level: 'exit' })),
    commands: tests.map(counted),
    ...overrides,
  };
  const unseen = { changes: [], artifacts: [], files: {}, symlinks: {}, amendments: [], proofCommands: [] };
  const envelope = buildEnvelope('implementation');
  return checkProofClaim({ agent, wave: buildWave([agent]), envelope, ...unseen, strength }).map(
    ({ code }) => code,
  );
}

describe('a level of proof that is claimed', () => {
  it.each<[string, (number | null)[], string[]]>([
    ['no test ran', [0], ['proof-overclaimed']],
    ['no test ran in any command that could be counted', [null, 0, 0], ['proof-overclaimed']],
    ['a test ran', [0, 1], []],
    ['nobody could count', [null], []],
    ['no command is there', [], []],
  ])('is held against the evidence where %s', (_what, tests, codes) => expect(said(tests)).toEqual(codes));

  it('is no claim without an exit contract, and left to the count at higher levels', () => {
    expect(said([0], {}, false)).toEqual([]);
    expect(said([0], { asked: 'counted' })).toEqual([]);
  });
});
