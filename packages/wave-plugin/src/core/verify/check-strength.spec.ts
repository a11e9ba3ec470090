import type { LedgerEntry, StrengthMeasured } from '@nx-wave/schemas';
import { strengthLevels, type StrengthLevel } from '@nx-wave/schemas/plain';
import { buildStrength } from '../../testing/resolved';
import { buildFileEvidence } from '../../testing/slice-evidence';
import type { ResolvedAgent } from '../model';
import { checkNotEmpty, checkStrength, strengthCodes } from './check-strength';
import type { FileEvidence } from './slice-evidence';

const place = { path: 'src/a.ts', name: 'add', line: 3 };
const command = (executed: number, skipped = 0): StrengthMeasured['commands'][number] => ({
  command: 'npm test',
  runners: ['jest'],
  tests: { executed, failed: 0, skipped, files: 1 },
});

const waiver = (code: string): LedgerEntry => ({
  ...{ schemaVersion: 1, id: '01J00000000000000000000001', wave: 'wave-3', by: 'Ada', reason: 'because' },
  ...{ recordedAt: '2026-01-02T03:04:05.000Z', type: 'gate.waived', code, agentId: null },
});

/** A proof that says everything, but for what is overridden. */
const measured = (more: Partial<StrengthMeasured> = {}): StrengthMeasured => ({
  strengthFormat: 1,
  asked: 'strict',
  reached: 'strict',
  unmeasured: null,
  reason: null,
  commands: [command(3)],
  changedTests: { files: ['src/a.test.ts'], notRun: [] },
  hollow: { functions: [place], red: 'npm test', unnoticed: [], durationMs: 1 },
  baseConfig: { paths: ['package.json'], red: null },
  baseTests: { lost: [], failed: [] },
  mutants: { tried: 2, survived: [place] },
  heldOut: [],
  findings: [],
  proofMs: 1,
  measuringMs: 1,
  ...more,
});

const codes = (strength: StrengthMeasured | null, required = false) =>
  checkStrength(buildFileEvidence({ proofStrength: buildStrength({ required }) }, { strength })).map(
    ({ code }) => code,
  );

/** Each finding, and the level from which on it refuses. */
const findings: [string, Partial<StrengthMeasured>, string, StrengthLevel][] = [
  ['no test that ran', { commands: [command(0, 2)] }, 'proof-no-tests', 'counted'],
  [
    'changed tests that nobody ran',
    { changedTests: { files: ['src/a.test.ts'], notRun: ['src/a.test.ts'] } },
    'proof-tests-not-run',
    'counted',
  ],
  [
    'a command that is red with the configuration of the base',
    { baseConfig: { paths: ['package.json'], red: 'npm test' } },
    'proof-config-changed',
    'checked',
  ],
  [
    'functions whose absence nobody noticed',
    { hollow: { functions: [place], red: null, unnoticed: [], durationMs: 1 } },
    'proof-hollow',
    'checked',
  ],
  [
    'one function whose absence nobody noticed',
    { hollow: { functions: [place], red: 'npm test', unnoticed: [place], durationMs: 1 } },
    'proof-hollow',
    'strict',
  ],
  ['tests of the base that fail', { baseTests: { lost: [], failed: ['a'] } }, 'proof-base-tests', 'strict'],
  [
    'small faults that nobody noticed',
    { mutants: { tried: 1, survived: [place] } },
    'proof-mutants',
    'strict',
  ],
];

describe('the strength of a proof', () => {
  it.each(findings)('with %s', (_what, more, code, from) => {
    for (const asked of strengthLevels) {
      const refuses = strengthLevels.indexOf(asked) >= strengthLevels.indexOf(from);
      expect(codes(measured({ ...more, asked }))).toStrictEqual(refuses ? [code] : []);
    }
    // Whoever says that less is meant is not paid for it again.
    expect(strengthCodes.has(code)).toBe(true);
  });

  it('that says everything is refused at no level', () => {
    for (const asked of strengthLevels) expect(codes(measured({ asked }))).toStrictEqual([]);
  });

  it.each<[string, Partial<StrengthMeasured>]>([
    ['one of two changed tests ran', { changedTests: { files: ['a', 'b'], notRun: ['b'] } }],
    ['no test was changed', { changedTests: { files: [], notRun: [] } }],
    ['no runner is known', { commands: [{ ...command(0), tests: null }] }],
    [
      'no runner is known that could have run a changed test',
      {
        commands: [{ ...command(0), tests: null }],
        changedTests: { files: ['src/a.test.ts'], notRun: ['src/a.test.ts'] },
      },
    ],
    ['nothing could be emptied', { hollow: { functions: [], red: null, unnoticed: [], durationMs: 1 } }],
    ['one of the small faults was noticed', { mutants: { tried: 2, survived: [place] } }],
    ['no small fault could be made', { mutants: { tried: 0, survived: [] } }],
    ['nothing of it was measured', { hollow: null, baseConfig: null, baseTests: null, mutants: null }],
  ])('is no matter where %s', (_what, more) => {
    expect(codes(measured(more))).toStrictEqual([]);
  });

  it('that could not be measured is refused only where it has to be', () => {
    const unmeasured = measured({ unmeasured: 'it has no proof commands', commands: [command(0)] });
    expect(codes(unmeasured)).toStrictEqual([]);
    expect(codes(unmeasured, true)).toStrictEqual(['proof-unmeasured']);
    expect(codes({ ...unmeasured, asked: 'exit' }, true)).toStrictEqual([]);
    expect(codes(null, true)).toStrictEqual([]);
    expect(codes(measured(), true)).toStrictEqual([]);
  });
});

const less = (level: StrengthLevel) => `Or say that less is meant: \`- level: ${level}\` and \`- reason: `;

/** What each finding says: its numbers and names, the file that it points at, and what would lift it. */
const told: [string, Partial<StrengthMeasured>, string[], string | undefined, string][] = [
  [
    'tests that were passed over',
    { commands: [command(0, 2), { ...command(0, 1), command: 'npm run e2e' }] },
    ['no test ran in `npm test`, `npm run e2e`', 'got 3 tests passed over'],
    undefined,
    less('exit'),
  ],
  [
    'tests of other files',
    {
      commands: [command(3), command(4)],
      changedTests: { files: ['src/b.test.ts'], notRun: ['src/b.test.ts'] },
    },
    ['no proof command ran a test of src/b.test.ts', 'got 7 tests of other files in `npm test`'],
    'src/b.test.ts',
    less('exit'),
  ],
  [
    'configuration that the slice has changed',
    { baseConfig: { paths: ['package.json', 'tsconfig.json'], red: 'npm test' } },
    ["`npm test` is green only with the slice's own package.json"],
    'package.json',
    '`- may change: package.json, tsconfig.json`',
  ],
  [
    'functions that did nothing',
    { hollow: { functions: [place], red: null, unnoticed: [], durationMs: 1 } },
    ['`npm test` stayed green while add (src/a.ts:3) did nothing'],
    'src/a.ts',
    'a test that calls add and compares what it returns or does',
  ],
  [
    'one function that did nothing, and all commands that could have seen it',
    {
      commands: [command(3), { ...command(1), command: 'npm run e2e' }],
      hollow: { functions: [place], red: 'npm test', unnoticed: [place], durationMs: 1 },
    },
    ['`npm test`, `npm run e2e` stayed green while add (src/a.ts:3) did nothing'],
    'src/a.ts',
    less('counted'),
  ],
  [
    'tests of the base',
    { baseTests: { lost: [], failed: ['one', 'two', 'three', 'four', 'five', 'six'] } },
    ['one; two; three; four; five.', 'got 6 failures'],
    undefined,
    '`- may change: <test file>`',
  ],
  [
    'small faults, the first four of them',
    {
      mutants: {
        tried: 5,
        survived: [1, 2, 3, 4, 5].map((line) => ({
          ...place,
          line,
          ...(line === 1 ? { what: '+ as -' } : {}),
        })),
      },
    },
    [
      'any of 5 small faults: add (src/a.ts:1, + as -), add (src/a.ts:2), add (src/a.ts:3), add (src/a.ts:4) and 1 more.',
    ],
    'src/a.ts',
    less('checked'),
  ],
  [
    'four small faults, all of them',
    { mutants: { tried: 4, survived: [1, 2, 3, 4].map((line) => ({ ...place, line })) } },
    ['add (src/a.ts:4).'],
    'src/a.ts',
    less('checked'),
  ],
];

it.each(told)('a finding about %s says which, where and what next', (_what, more, words, path, next) => {
  const [found] = checkStrength(
    buildFileEvidence({ proofStrength: buildStrength() }, { strength: measured({ mutants: null, ...more }) }),
  );
  for (const text of words) expect(found?.message).toContain(text);
  expect(found?.place?.path).toBe(path);
  expect(found?.next).toContain(next);
});

describe('a slice without a change', () => {
  const change = { path: 'src/a.ts', before: null, after: null };
  it.each<[string, Partial<ResolvedAgent>, Partial<FileEvidence>, boolean]>([
    ['of an agent that implements is refused', {}, {}, true],
    ['is none with a change', {}, { changes: [change] }, false],
    ['is none with an artifact', {}, { artifacts: [{ path: '.tmp/x', sha256: 'a', size: 1 }] }, false],
    ['of a steward is what stewards may leave', { implementationOwning: false }, {}, false],
    ['of a stage that prepares is no fault', { stage: 'design' }, {}, false],
    ['is no fault where a person has waived it', {}, { ledger: [waiver('slice-empty')] }, false],
    [
      'is refused where a person has waived something else',
      {},
      { ledger: [waiver('secret-in-slice')] },
      true,
    ],
    [
      'is no fault where the exit alone is asked for',
      { proofStrength: buildStrength({ level: 'exit' }) },
      {},
      false,
    ],
  ])('%s', (_what, agent, more, refused) => {
    expect(checkNotEmpty(buildFileEvidence(agent, more)).map(({ code }) => code)).toStrictEqual(
      refused ? ['slice-empty'] : [],
    );
  });
});
