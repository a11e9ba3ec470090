import { grantablePaths } from './grantable-paths';

const places = { stateRoots: ['.tmp'] };

it.each<[string | string[], string[]]>([
  ['src/a.ts', ['src/a.ts']],
  [' src/a.ts ,, ./lib//b/ ', ['src/a.ts', 'lib/b/']],
  [
    ['src/a.ts', ' `b.ts` ', ''],
    ['src/a.ts', 'b.ts'],
  ],
  // A list is taken as it is: a name may hold a comma.
  [['a,b.ts'], ['a,b.ts']],
])('%j grants %j', (given, paths) =>
  expect(grantablePaths(given, places)).toEqual({ ok: true, value: paths }),
);

it.each<[string | string[] | undefined, string]>([
  [undefined, 'option-invalid'],
  [[], 'option-invalid'],
  [['', ' '], 'option-invalid'],
  ['a.ts, ../b.ts', 'path-outside'],
  ['a.ts, .tmp/', 'path-reserved'],
])('%j is refused as %s', (given, code) =>
  expect(grantablePaths(given, places)).toMatchObject({ ok: false, error: { code } }),
);
