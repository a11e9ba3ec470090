import type { StrengthMeasured } from '@nx-wave/schemas';
import { strengthLevels, type StrengthLevel } from '@nx-wave/schemas/plain';
import { buildAgent, buildStrength, buildWave } from '../../testing/resolved';
import type { ResolvedAgent } from '../model';
import { checkNotEmpty, checkStrength, strengthCodes } from './check-strength';
import type { FileEvidence } from './slice-evidence';

const place = { path: 'src/a.ts', name: 'add', line: 3 };
const command = (executed: number, skipped = 0): StrengthMeasured['commands'][number] => ({
  command: 'npm test',
  runners: ['jest'],
  tests: { executed, failed: 0, skipped, files: 1 },
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

function evidence(agent: Partial<ResolvedAgent>, more: Partial<FileEvidence> = {}): FileEvidence {
  const unit = buildAgent(agent);
  return {
    agent: unit,
    wave: buildWave([unit]),
    changes: [],
    artifacts: [],
    files: {},
    symlinks: {},
    amendments: [],
    proofCommands: [],
    ...more,
  };
}

const codes = (strength: StrengthMeasured | null, required = false) =>
  checkStrength(evidence({ proofStrength: buildStrength({ required }) }, { strength })).map(
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
      expect([asked, ...codes(measured({ ...more, asked }))]).toEqual([asked, ...(refuses ? [code] : [])]);
    }
    // Whoever says that less is meant is not paid for it again.
    expect(strengthCodes.has(code)).toBe(true);
  });

  it('that says everything is refused at no level', () => {
    for (const asked of strengthLevels) expect(codes(measured({ asked }))).toEqual([]);
  });

  it.each<[string, Partial<StrengthMeasured>]>([
    ['one of two changed tests ran', { changedTests: { files: ['a', 'b'], notRun: ['b'] } }],
    ['no runner is known', { commands: [{ ...command(0), tests: null }] }],
    ['nothing could be emptied', { hollow: { functions: [], red: null, unnoticed: [], durationMs: 1 } }],
    ['one of the small faults was noticed', { mutants: { tried: 2, survived: [place] } }],
    ['no small fault could be made', { mutants: { tried: 0, survived: [] } }],
    ['nothing of it was measured', { hollow: null, baseConfig: null, baseTests: null, mutants: null }],
  ])('is no matter where %s', (_what, more) => {
    expect(codes(measured(more))).toEqual([]);
  });

  it('that could not be measured is refused only where it has to be', () => {
    const unmeasured = measured({ unmeasured: 'it has no proof commands' });
    expect(codes(unmeasured)).toEqual([]);
    expect(codes(unmeasured, true)).toEqual(['proof-unmeasured']);
    expect(codes({ ...unmeasured, asked: 'exit' }, true)).toEqual([]);
    expect(codes(null, true)).toEqual([]);
  });
});

describe('a slice without a change', () => {
  const change = { path: 'src/a.ts', before: null, after: null };
  it.each<[string, Partial<ResolvedAgent>, Partial<FileEvidence>, boolean]>([
    ['of an agent that implements is refused', {}, {}, true],
    ['is none with a change', {}, { changes: [change] }, false],
    ['is none with an artifact', {}, { artifacts: [{ path: '.tmp/x', sha256: 'a', size: 1 }] }, false],
    ['of a steward is what stewards may leave', { implementationOwning: false }, {}, false],
    ['of a stage that prepares is no fault', { stage: 'design' }, {}, false],
    [
      'is no fault where the exit alone is asked for',
      { proofStrength: buildStrength({ level: 'exit' }) },
      {},
      false,
    ],
  ])('%s', (_what, agent, more, refused) => {
    expect(checkNotEmpty(evidence(agent, more)).map(({ code }) => code)).toEqual(
      refused ? ['slice-empty'] : [],
    );
  });
});
