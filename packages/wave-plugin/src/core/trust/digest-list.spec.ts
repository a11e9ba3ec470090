import * as fc from 'fast-check';
import { compareLists, parseDigestList, printDigestList } from './digest-list';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);

describe('a list of digests', () => {
  it.each([
    ['a plain name', 'gates/wave-1/prove.json', `${a}  gates/wave-1/prove.json\n`],
    ['a name with spaces', 'a  b', `${a}  a  b\n`],
    ['a name with a backslash', 'a\\b', `\\${a}  a\\\\b\n`],
    ['a name with a line end', 'a\nb', `\\${a}  a\\nb\n`],
  ])('writes %s as sha256sum reads it', (_, path, text) => {
    expect(printDigestList([{ path, sha256: a }])).toBe(text);
    expect(parseDigestList(text)).toEqual([{ path, sha256: a }]);
  });

  it('holds every file once, in the order of the paths', () => {
    const files = [
      { path: 'b', sha256: b },
      { path: 'a', sha256: a },
      { path: 'b', sha256: b },
    ];
    expect(printDigestList(files)).toBe(`${a}  a\n${b}  b\n`);
  });

  it.each([
    ['no list', 'hello\n'],
    ['a digest that is cut short', `${a.slice(1)}  a\n`],
    ['a file twice', `${a}  a\n${b}  a\n`],
    ['another order', `${b}  b\n${a}  a\n`],
    ['no end of the last line', `${a}  a`],
    ['an escape that nothing asks for', `\\${a}  a\n`],
    ['a mode of sha256sum that is not used', `${a} *a\n`],
  ])('is refused with %s', (_, text) => {
    expect(parseDigestList(text)).toBeNull();
  });

  it('is read back as it was written, whatever the names', () => {
    const file = fc.record({
      path: fc.string({ minLength: 1, unit: 'binary' }),
      sha256: fc.constantFrom(a, b),
    });
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ({ path }) => path }), (files) => {
        const text = printDigestList(files);
        expect(parseDigestList(text)?.map(({ path }) => path)).toEqual(
          files.map(({ path }) => path).sort((x, y) => (x < y ? -1 : 1)),
        );
      }),
      { seed: 20, numRuns: 300 },
    );
  });

  it('tells what is missing, altered and unnamed', () => {
    const named = ['kept', 'gone', 'changed'].map((path) => ({ path, sha256: a }));
    const present = [
      { path: 'kept', sha256: a },
      { path: 'changed', sha256: b },
      { path: 'new', sha256: b },
    ];
    expect(compareLists(named, present)).toEqual({
      missing: ['gone'],
      altered: ['changed'],
      unnamed: ['new'],
    });
  });
});
