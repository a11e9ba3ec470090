import type { StrengthMeasured } from '@nx-wave/schemas';
import { notMeasured } from '../../proof/strength-of';
import { buildEnvelope } from '../../testing/envelopes';
import { buildStrength, buildWave } from '../../testing/resolved';
import { implementer } from '../../testing/stewards';
import { checkDocClaim, checkProofClaim } from './check-claims';

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

const passed = {
  command: 'npm test',
  exitCode: 0,
  outcome: 'passed',
  durationMs: 5,
  tail: '',
} as const;

describe('documents that an envelope claims', () => {
  const contract = { ...exitContract, docImpact: 'owned' } as const;
  const changedPaths = ['src/a.ts', 'docs/a.md'];
  interface Claimed {
    state?: 'none' | 'owned' | 'shared-plan';
    paths?: string[];
    documented?: string[];
    level?: 'exit' | 'checked';
    commands?: number;
    changed?: string[];
  }
  function codes({
    state = 'owned',
    paths = [],
    level = 'checked',
    commands = 1,
    ...one
  }: Claimed): string[] {
    const agent = implementer('A1', { exitContract: contract, proofStrength: buildStrength({ level }) });
    const envelope = buildEnvelope('implementation', {
      implementation: { docDelta: { state, paths, detail: null }, components: [] },
    });
    const unseen = { artifacts: [], files: {}, symlinks: {}, amendments: [] };
    const changes = (one.changed ?? changedPaths).map((path) => ({ path, before: null, after: null }));
    const proofCommands = Array.from({ length: commands }, () => passed);
    const documented = one.documented ?? ['docs/a.md'];
    const evidence = { agent, wave: buildWave([agent]), envelope, changes, proofCommands, documented };
    return checkDocClaim({ ...evidence, ...unseen }).map(({ code }) => code);
  }

  it.each<[string, Claimed, boolean]>([
    ['one of those named changed', { paths: ['docs/a.md', 'docs/b.md'] }, true],
    ['it is named with a heading', { paths: ['./docs/a.md#usage'] }, true],
    ['its folder is named', { paths: ['docs/'] }, true],
    ['a source is named, for what stands in it', { paths: ['src/a.ts'] }, true],
    ['none of those named changed', { paths: ['docs/b.md'] }, false],
    ['none is named and one changed', {}, true],
    ['none is named and a comment may be meant', { documented: ['src/a.ts'] }, true],
    ['none is named and none changed', { documented: [], changed: ['src/a.ts'] }, false],
    ['the shared plan is meant, which another one changes', { state: 'shared-plan', documented: [] }, true],
    ['nobody asks for evidence', { level: 'exit', paths: ['docs/b.md'] }, true],
    ['there is no proof', { commands: 0, paths: ['docs/b.md'] }, true],
  ])('are compared with what changed where %s', (_what, claimed, isTrue) => {
    expect(codes(claimed)).toEqual(isTrue ? [] : ['proof-overclaimed']);
  });
});
