import { covers, isOwned, isUnsafePath } from './owned-paths';

it.each<[string, string, boolean]>([
  ['src/a.ts', 'src/a.ts', true],
  ['src/', 'src/a.ts', true],
  ['src/', 'src/a/b.ts', true],
  ['src/', 'src/', false],
  ['src/', 'src', false],
  ['src', 'src/a.ts', false],
  ['src/a', 'src/ab', false],
  ['src/*', 'src/a.ts', false],
  ['src/**/', 'src/a/b.ts', false],
  ['Src/', 'src/a.ts', false],
])('%s covers %s: %s', (owned, path, isCovered) => {
  expect(covers(owned, path)).toBe(isCovered);
  expect(isOwned(['other/', owned, 'last'], path)).toBe(isCovered);
});

it('an agent that owns nothing owns no path', () => expect(isOwned([], 'a')).toBe(false));

it.each<[string, boolean]>([
  ['', true],
  ['/a', true],
  ['C:/a', true],
  ['c:a', true],
  ['a\0b', true],
  ['a//b', true],
  ['a/', true],
  ['./a', true],
  ['a/.', true],
  ['../a', true],
  ['a/../b', true],
  ['a\\..\\b', true],
  ['a\\\\b', true],
  ['.git/x', true],
  ['a\\.git\\x', true],
  ['a/.GIT', true],
  ['a', false],
  ['a/b.ts', false],
  ['a\\b', false],
  ['ab:/c', false],
  ['a/C:/c', false],
  ['a/..b', false],
  ['.gitignore', false],
  ['~/a', false],
])('no slice may ever name %j: %s', (path, isUnsafe) => expect(isUnsafePath(path)).toBe(isUnsafe));
