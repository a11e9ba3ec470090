/** What runners make of reports: observed-report.ts and `readReport` of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import expectedReports from './__reports__/expected.json';
import { testRunners } from './registry';

const place = { folder: '/reports', root: '/work' };
const recorded = (id: string) => {
  const folder = join(__dirname, '__reports__', id);
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
};
const runnerOf = (id: string) => {
  const runner = testRunners.find((one) => one.id === id);
  if (runner === undefined) throw new Error(`no runner ${id}`);
  return runner;
};
const ids = testRunners.map(({ id }) => id);
const report = (path: string, tests: unknown[] = [], broken: unknown = false) => ({
  name: 'x.json',
  text: JSON.stringify({ files: [{ path, broken, tests }] }),
});
const test = { titles: ['a'], state: 'passed' };

describe('reading the reports of a command', () => {
  it.each(ids)('understands what %s wrote down on a real run', (id) => {
    const files = runnerOf(id).readReport(recorded(id), place)?.files ?? [];
    const told = files.map(({ path, tests }) => [
      path,
      tests.map(({ name, state }) => `${state} ${name}`).sort(),
    ]);
    expect(Object.fromEntries(told)).toEqual(expectedReports[id as keyof typeof expectedReports]);
  });

  it.each(ids)('says nothing of %s where nothing was written', (id) => {
    expect(runnerOf(id).readReport([], place)).toBeNull();
  });

  it('takes a report without files for a run without tests', () => {
    expect(runnerOf('jest').readReport([{ name: 'x.json', text: '{"files":[]}' }], place)).toEqual({
      files: [],
    });
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['no files', '{}'],
    ['files of another kind', '{"files":[{"path":1,"broken":false,"tests":[]}]}'],
    ['tests of another kind', '{"files":[{"path":"/work/a","broken":false,"tests":[null]}]}'],
    [
      'titles of another kind',
      '{"files":[{"path":"/work/a","broken":false,"tests":[{"titles":[1],"state":"x"}]}]}',
    ],
  ])('trusts none of several reports where one is %s', (_, text) => {
    const good = report('/work/a.test.js', [test]);
    expect(runnerOf('jest').readReport([good, { name: 'bad.json', text }], place)).toBeNull();
  });

  it('never throws, whatever stands in a report', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...ids), (text, id) => {
        runnerOf(id).readReport([{ name: 'x.json', text }], place);
      }),
    );
  });

  it('joins the reports of several processes', () => {
    const reports = [
      report('/work/b.test.js', [test]),
      report('/work/a.test.js', [test]),
      report('/work/b.test.js'),
    ];
    expect(
      runnerOf('jest')
        .readReport(reports, place)
        ?.files.map(({ path, tests }) => [path, tests.length]),
    ).toEqual([
      ['a.test.js', 1],
      ['b.test.js', 1],
    ]);
  });

  it('leaves out files that are not of the workspace, and says nothing where there are only such', () => {
    const other = report('/tmp/fixture/a.test.js', [test]);
    expect(runnerOf('jest').readReport([other, report('/work/a.test.js')], place)?.files).toEqual([
      { path: 'a.test.js', tests: [] },
    ]);
    expect(runnerOf('jest').readReport([other], place)).toBeNull();
    expect(runnerOf('jest').readReport([report('/work2/a.test.js', [test])], place)).toBeNull();
  });

  it('counts a file that could not be loaded as one red test', () => {
    expect(
      runnerOf('jest').readReport([report('/work/a.test.js', [], true)], place)?.files[0]?.tests,
    ).toEqual([{ name: '(the file itself)', state: 'failed' }]);
  });

  it('takes a word that a runner does not know yet for skipped', () => {
    const odd = report('/work/a.test.js', [{ titles: ['a', 'b'], state: 'flaky' }]);
    expect(runnerOf('vitest').readReport([odd], place)?.files[0]?.tests).toEqual([
      { name: 'a > b', state: 'skipped' },
    ]);
  });
});

describe('test files by their names', () => {
  it.each([
    'a.test.ts',
    'src/a.spec.mjs',
    'lib/a_test.js',
    'a-test.cjs',
    'test.js',
    'src/__tests__/a.test.tsx',
  ])('takes %s for a test', (path) => {
    for (const { isTestFile } of testRunners) expect(isTestFile(path)).toBe(true);
  });

  it.each([
    'src/contest.ts',
    'test/helpers.mjs',
    'a.test.d.ts',
    'a.test.js.snap',
    'e2e/login.spec.ts',
    'apps/web-e2e/src/a.spec.ts',
    'src/a.e2e-spec.ts',
    'src/a.e2e.test.ts',
    'cypress/a.spec.ts',
    'test/__fixtures__/a.test.js',
    'a_test.go',
  ])('expects nobody to run %s', (path) => {
    for (const { isTestFile } of testRunners) expect(isTestFile(path)).toBe(false);
  });
});
