import { healthLines, judgeHealth, type MachineFacts } from './health';

const healthy: MachineFacts = {
  platform: 'linux',
  node: '20.19.0',
  nx: '24.0.0',
  devkit: '24.0.0',
  plugin: '0.1.0',
  git: { version: '2.39.5' },
  worktree: {
    linked: false,
    shallow: false,
    partial: false,
    sparse: false,
    submodules: false,
    unmerged: 0,
    changed: 0,
  },
  ignored: [
    { path: '.tmp', ignored: true, wanted: true },
    { path: 'docs/plans/waves/wave-3.ledger', ignored: false, wanted: false },
  ],
  unfiltered: [],
  programs: [
    { executorId: 'spade', displayName: 'Spade', available: true, sandboxed: true, units: ['wave-3/A1'] },
  ],
  cage: { kind: 'bubblewrap', version: '0.8.0', network: true, next: null },
  writable: [{ path: '.tmp', problem: null, next: null }],
  freeMib: 50_000,
  ci: {
    env: {},
    files: [],
    trust: 'reprove',
    store: null,
    attemptMinutes: 60,
    signersCommitted: false,
    remoteCache: null,
  },
  env: { cacheFailures: false, ci: false, runMode: 'auto', runModeProblem: null },
  config: { present: true, problems: [], warnings: [] },
  brokenWaves: [],
  lintCommand: 'nx run waves:lint-waves',
};
const program = healthy.programs[0] as MachineFacts['programs'][number];
const worktree = healthy.worktree as NonNullable<MachineFacts['worktree']>;

describe('judgeHealth', () => {
  it.each([
    ['darwin', /macOS: .+ps, not by \/proc/],
    ['freebsd', /freebsd was never tried/],
  ])('says what is other on %s, and lets it run', (platform, words) => {
    const system = judgeHealth({ ...healthy, platform }).filter(({ check }) => check === 'system');
    expect(system.map(({ detail }) => detail).join('\n')).toMatch(words);
    expect(system.every(({ state }) => state === 'warn')).toBe(true);
  });

  it('finds nothing to do on a machine where everything is in place', () => {
    expect(judgeHealth(healthy).filter(({ state, next }) => state !== 'ok' || next !== null)).toEqual([]);
  });

  it.each([
    ['the first Nx it knows', { nx: '23.2.0', devkit: '23.2.0' }],
    ['no @nx/devkit, which runs need not', { devkit: null }],
  ])('has nothing against %s', (_, facts) => {
    expect(judgeHealth({ ...healthy, ...facts })).toContainEqual(
      expect.objectContaining({ check: 'nx', state: 'ok' }),
    );
  });

  it('says that it was not tried with a later Nx', () => {
    expect(judgeHealth({ ...healthy, nx: '25.0.0', devkit: '25.0.0' })).toContainEqual(
      expect.objectContaining({
        check: 'nx',
        state: 'warn',
        detail: expect.stringMatching(/newer than 24/) as string,
      }),
    );
  });

  it('says that there is no configuration rather than that it is understood', () => {
    const lines = judgeHealth({ ...healthy, config: { present: false, problems: [], warnings: [] } });
    expect(lines).toContainEqual(
      expect.objectContaining({ state: 'ok', detail: expect.stringMatching(/^no wave\.config\.json/) }),
    );
  });

  it.each<[string, Partial<MachineFacts>, string, 'warn' | 'fail', RegExp]>([
    ['an old Node', { node: '20.11.1' }, 'node', 'fail', /Install Node 20\.19/],
    ['no nx', { nx: null }, 'nx', 'fail', /npm install --save-dev nx/],
    ['an old nx', { nx: '23.1.4', devkit: null }, 'nx', 'fail', /nx migrate/],
    ['a devkit of another version', { devkit: '23.2.0' }, 'nx', 'warn', /@nx\/devkit@24\.0\.0/],
    [
      'an old git',
      { git: { problem: 'git 2.30 is too old', next: 'install a newer git' } },
      'git',
      'fail',
      /newer git/,
    ],
    ['unmerged paths', { worktree: { ...worktree, unmerged: 2 } }, 'worktree', 'fail', /Finish the merge/],
    [
      'a partial clone',
      { worktree: { ...worktree, partial: true } },
      'worktree',
      'warn',
      /git checkout HEAD/,
    ],
    ['submodules', { worktree: { ...worktree, submodules: true } }, 'worktree', 'warn', /^$/],
    [
      'a state root that git would track',
      { ignored: [{ path: '.tmp', ignored: false, wanted: true }] },
      'gitignore',
      'fail',
      /\/\.tmp/,
    ],
    [
      'a ledger that git ignores',
      { ignored: [{ path: 'w.ledger', ignored: true, wanted: false }] },
      'gitignore',
      'fail',
      /out of \.gitignore/,
    ],
    [
      'a configuration that cannot be used',
      { config: { present: true, problems: ['not JSON'], warnings: [] } },
      'config',
      'fail',
      /wave\.config\.json/,
    ],
    [
      'a key that nothing reads',
      { config: { present: true, problems: [], warnings: ['`laness` is not read.'] } },
      'config',
      'warn',
      /^$/,
    ],
    [
      'a filter of git that is missing',
      { unfiltered: [{ path: 'a.bin', filter: 'lfs', advice: 'install git-lfs and run: git lfs install' }] },
      'filter',
      'warn',
      /git lfs install/,
    ],
    ['a broken wave', { brokenWaves: ['w/wave-9.md'] }, 'waves', 'fail', /^nx run waves:lint-waves$/],
    [
      'a missing program',
      { programs: [{ ...program, available: false }] },
      'program',
      'fail',
      /executors\.spade\.command/,
    ],
    [
      'a missing program where none may run',
      { programs: [{ ...program, available: false }], env: { ...healthy.env, runMode: 'never' } },
      'program',
      'warn',
      /executors\.spade\.command/,
    ],
    [
      'a program without a sandbox',
      {
        programs: [{ ...program, sandboxed: false }],
        cage: { kind: 'none', why: 'bwrap is not on PATH', next: 'Install bubblewrap.' },
      },
      'program',
      'warn',
      /container/,
    ],
    [
      'no cage',
      { cage: { kind: 'none', why: 'bwrap is not on PATH', next: 'Install bubblewrap.' } },
      'cage',
      'warn',
      /Install bubblewrap/,
    ],
    [
      'a cage that was never tried',
      { cage: { kind: 'sandbox-exec', version: null, network: true, next: null } },
      'cage',
      'warn',
      /something harmless/,
    ],
    [
      'a cage without socat',
      { cage: { kind: 'bubblewrap', version: null, network: false, next: 'Install socat.' } },
      'cage',
      'warn',
      /Install socat/,
    ],
    [
      'a folder that cannot be written',
      { writable: [{ path: '.tmp', problem: 'cannot be written', next: 'Make it writable.' }] },
      'writable',
      'fail',
      /Make it writable/,
    ],
    ['little space', { freeMib: 300 }, 'space', 'warn', /TMPDIR/],
    [
      'cached failures',
      { env: { ...healthy.env, cacheFailures: true } },
      'environment',
      'fail',
      /Unset NX_CACHE_FAILURES/,
    ],
    [
      'a CI machine',
      { env: { ...healthy.env, ci: true, runMode: 'local-only' } },
      'run mode',
      'warn',
      /NX_WAVE_RUN=auto/,
    ],
    [
      'an unknown run mode',
      { env: { ...healthy.env, runMode: null, runModeProblem: 'NX_WAVE_RUN is "x"' } },
      'run mode',
      'fail',
      /Unset/,
    ],
  ])('says what to do about %s', (_name, facts, check, state, next) => {
    const line = judgeHealth({ ...healthy, ...facts }).find((one) => one.state !== 'ok');
    expect(line).toMatchObject({ check, state });
    expect(line?.next ?? '').toMatch(next);
  });

  it('prints one aligned line per check and the next step below the line that needs it', () => {
    const lines = healthLines(judgeHealth({ ...healthy, freeMib: 300 }));
    expect(lines).toContain('ok    node      20.19.0');
    expect(lines[lines.findIndex((line) => line.startsWith('warn  space')) + 1]).toMatch(/^ {6}Next: Free/);
  });
});
