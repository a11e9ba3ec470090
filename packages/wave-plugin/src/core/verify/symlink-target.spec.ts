import fc from 'fast-check';
import { followSymlink, resolveSymlink } from './symlink-target';

describe('resolveSymlink', () => {
  it.each<[string, Record<string, string>, string | null]>([
    ['a sibling', { 'a/l': 'f' }, 'a/f'],
    ['a sibling, from here', { 'a/l': './f' }, 'a/f'],
    ['the folder above', { 'a/b/l': '../f' }, 'a/f'],
    ['the top', { 'a/l': '..' }, ''],
    ['outside', { 'a/l': '../../f' }, null],
    ['an absolute path', { 'a/l': '/etc/passwd' }, null],
    ['an absolute path of Windows', { 'a/l': 'C:/x' }, null],
    ['itself', { 'a/l': 'l' }, null],
    ['a ring', { 'a/l': 'm', 'a/m': 'l' }, null],
    ['a git directory', { 'a/l': '../.git/config' }, null],
    ['nothing', { 'a/l': '' }, null],
    ['another link', { 'a/l': 'm/x', 'a/m': '../b' }, 'b/x'],
    ['a chain that leaves', { 'a/l': 'm/../../x', 'a/m': '../b' }, null],
    ['out through a link that climbs', { 'a/l': 'm/x', 'a/m': '../..' }, null],
    ['a name that every object has', { 'a/l': 'constructor/x' }, 'a/constructor/x'],
  ])('follows a link to %s', (_case, links, expected) => {
    expect(resolveSymlink(links, Object.keys(links)[0] ?? '')).toBe(expected);
  });

  it('never gives a path outside the tree, whatever the links say', () => {
    const segment = fc.constantFrom('..', '.', 'a', 'b', 'l', 'm', '');
    const target = fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('/'));
    const links = fc.dictionary(fc.constantFrom('l', 'm', 'a/l', 'a/m', 'b/a/l'), target);
    fc.assert(
      fc.property(links, (all) => {
        for (const path of Object.keys(all)) {
          const end = resolveSymlink(all, path);
          expect(end === null || !end.split('/').includes('..')).toBe(true);
          expect(end?.startsWith('/') ?? false).toBe(false);
        }
      }),
    );
  });

  it.each([
    [40, 'f'],
    [41, null],
  ])('follows %i links in a row, as Linux does, and ends at %j', (count, expected) => {
    const links = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`l${at}`, at === count - 1 ? 'f' : `l${at + 1}`]),
    );
    expect(resolveSymlink(links, 'l0')).toBe(expected);
  });
});

it.each<[string, Record<string, string>, string[]]>([
  ['a file', { 'a/l': '../b/f' }, ['a', 'a/l', 'b', 'b/f']],
  ['another link', { 'a/l': 'm/x', 'a/m': '../b' }, ['a', 'a/l', 'a/m', 'b', 'b/x']],
  ['outside', { 'a/l': '../../f' }, ['a', 'a/l']],
])('followSymlink tells every path on the way to %s', (_case, links, looked) => {
  expect(followSymlink(links, Object.keys(links)[0] ?? '').looked).toEqual(looked);
});
