import { type FileChange } from '@nx-wave/schemas';
import { changedFilesOf } from './changed-files';
import { testRunners } from './runners/registry';

const image = { mode: '100644', oid: 'a'.repeat(40) };
const made = (path: string): FileChange => ({ path, before: null, after: image });
const changed = (path: string): FileChange => ({
  path,
  before: image,
  after: { ...image, oid: 'b'.repeat(40) },
});
const removed = (path: string): FileChange => ({ path, before: image, after: null });

const partsOf = (changes: FileChange[], settled: string[] = []) =>
  changedFilesOf(changes, { runners: testRunners, settled });

const none = { sources: [], tests: [], baseTests: [], baseConfig: [] };

describe('what changed paths are to a proof', () => {
  it('parts sources, tests and configuration', () => {
    expect(
      partsOf([
        made('src/b.ts'),
        changed('src/a.js'),
        made('src/a.test.ts'),
        changed('src/b.spec.js'),
        removed('test/old.test.js'),
        changed('package.json'),
        changed('apps/x/jest.config.cjs'),
        changed('scripts/check.mjs'),
        removed('.eslintrc.json'),
      ]),
    ).toEqual({
      sources: ['src/a.js', 'src/b.ts'],
      tests: ['src/a.test.ts', 'src/b.spec.js'],
      baseTests: ['src/b.spec.js', 'test/old.test.js'],
      baseConfig: ['.eslintrc.json', 'apps/x/jest.config.cjs', 'package.json', 'scripts/check.mjs'],
    });
  });

  it.each([
    'docs/a.md',
    'src/a.d.ts',
    'src/lib.rs',
    'src/generated/api.ts',
    'test/helpers.js',
    'src/api.gen.ts',
  ])('finds nothing to empty in %s', (path) => expect(partsOf([made(path)])).toEqual(none));

  it('takes configuration that is new, a deliverable or allowed as the work itself', () => {
    expect(partsOf([made('jest.config.js'), changed('tsconfig.json')], ['tsconfig.json'])).toEqual(none);
    expect(partsOf([changed('test/a.test.js')], ['test/'])).toEqual({ ...none, tests: ['test/a.test.js'] });
  });

  it('follows no link', () => {
    const link = { mode: '120000', oid: 'c'.repeat(40) };
    expect(partsOf([{ path: 'src/a.ts', before: null, after: link }])).toEqual(none);
  });
});
