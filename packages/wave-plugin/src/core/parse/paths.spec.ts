import fc from 'fast-check';
import { collectDiagnostics } from './diagnostics';
import { checkPath, covers, foldersAbove, ownershipOf, readPath } from './paths';

describe('a path of a wave file', () => {
  it.each<[string, string]>([
    ['src/a.ts', 'src/a.ts'],
    ['src/', 'src/'],
    ['./src//./a.ts', 'src/a.ts'],
    ['./src/a/', 'src/a/'],
    ['src/.', 'src'],
    ['.github/x.yml', '.github/x.yml'],
    ['src/a..b', 'src/a..b'],
    ['src/~a', 'src/~a'],
    ['ab:/c', 'ab:/c'],
    ['a/C:/c', 'a/C:/c'],
    ['src/ä b.ts', 'src/ä b.ts'],
    ['`src/a.ts`', 'src/a.ts'],
    ['"src/a b.ts"', 'src/a b.ts'],
    // Of a link the words count where they are a path.
    ['[src/a.ts](../../src/b.ts)', 'src/a.ts'],
    ['[`src/a`](b.ts)', 'src/a'],
    ['[a.ts](src/b.ts)', 'a.ts'],
    ['[index.ts](src/b.ts)', 'index.ts'],
    ['[the file](src/a.ts)', 'src/a.ts'],
    ['[see a.ts](src/a.ts)', 'src/a.ts'],
    ['[a.ts now](src/a.ts)', 'src/a.ts'],
    ['[.ts](src/a.ts)', 'src/a.ts'],
    ['[a.12345678901](src/a.ts)', 'src/a.ts'],
    ['[a.x-y](src/a.ts)', 'src/a.ts'],
    ['[the file](<src/a.ts>)', 'src/a.ts'],
    // No links.
    ['app/[id](x)/a.ts', 'app/[id](x)/a.ts'],
    ['[id](x)y', '[id](x)y'],
    ['y[id](x)', 'y[id](x)'],
    ['[](x)', '[](x)'],
    ['[a]()', '[a]()'],
    ['[a](x y)', '[a](x y)'],
    [`[${'a'.repeat(500)}](x)`, 'x'],
    [`[${'a'.repeat(501)}](x)`, `[${'a'.repeat(501)}](x)`],
    [`[a](${'x'.repeat(500)})`, 'x'.repeat(500)],
    [`[a](${'x'.repeat(501)})`, `[a](${'x'.repeat(501)})`],
  ])('%s is %s', (written, path) => {
    expect(readPath(written)).toEqual({ ok: true, path });
  });

  it.each<[string, string, string]>([
    ['', 'path-malformed', 'is empty'],
    [' ``', 'path-malformed', 'is empty'],
    ['src/\u0000a', 'path-malformed', 'holds a control character'],
    ['src/\u001fa', 'path-malformed', 'holds a control character'],
    ['src/a\u007f', 'path-malformed', 'holds a control character'],
    ['src\\a', 'path-malformed', 'holds a backslash'],
    ['/etc/passwd', 'path-outside', 'is not relative to the workspace'],
    ['~/x', 'path-outside', 'is not relative to the workspace'],
    ['C:/x', 'path-outside', 'is not relative to the workspace'],
    ['z:x', 'path-outside', 'is not relative to the workspace'],
    ['src/../a', 'path-outside', 'climbs with `..`'],
    ['..', 'path-outside', 'climbs with `..`'],
    ['[a](../b)', 'path-outside', 'climbs with `..`'],
    ['src/.git/config', 'path-git', 'points into `.git`'],
    ['src/.GIT', 'path-git', 'points into `.git`'],
    ['git~1/x', 'path-git', 'points into `.git`'],
    ['.', 'path-malformed', 'names the whole workspace'],
    ['./', 'path-malformed', 'names the whole workspace'],
  ])('%j is refused as %s: it %s', (written, code, why) => {
    expect(readPath(written)).toMatchObject({ ok: false, code, why });
  });

  it('names what to write instead of backslashes', () => {
    expect(readPath('src\\a\\b.ts')).toMatchObject({ next: 'Write `src/a/b.ts`.' });
  });

  it('is in its one form once it was read, and never leaves the workspace', () => {
    const part = fc.constantFrom(
      'a',
      'b.ts',
      '..',
      '.',
      '',
      '.git',
      ' ',
      '~',
      'C:',
      '\\',
      '[',
      ']',
      '(',
      ')',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom('/', ''), (parts, joint) => {
        const first = readPath(parts.join(joint));
        if (!first.ok) return;
        const segments = first.path.split('/');
        expect(segments.filter((one) => one === '..' || one === '.' || one === '.git')).toEqual([]);
        expect(segments.slice(0, -1)).not.toContain('');
        expect(first.path.startsWith('/')).toBe(false);
      }),
    );
  });

  it('is blamed where it stands, by what it is', () => {
    const diagnostics = collectDiagnostics('wave-1.md', ['- ../a']);
    const spot = { index: 0, column: 3, length: 4 };
    expect(checkPath('../a', { what: 'owned path', spot }, diagnostics)).toBeNull();
    expect(diagnostics.found).toMatchObject([
      {
        code: 'path-outside',
        message: 'The owned path `../a` climbs with `..`.',
        next: 'Write the path from the workspace root, without `..`.',
        place: { range: { start: { line: 1, column: 3 }, end: { line: 1, column: 7 } } },
      },
    ]);
    expect(checkPath('./a', { what: 'owned path', spot }, diagnostics)).toBe('a');
    expect(diagnostics.found).toHaveLength(1);
  });
});

describe('who owns a path', () => {
  it.each<[string, string, boolean]>([
    ['src/a.ts', 'src/a.ts', true],
    ['src/', 'src/a.ts', true],
    ['src/', 'src/', true],
    ['src/', 'src', false],
    ['src', 'src/a.ts', false],
    ['src/a', 'src/ab', false],
    ['src/', 'srcx/a', false],
    ['SRC/', 'src/a', false],
  ])('%s covers %s: %s', (owner, path, isCovered) => {
    expect(covers(owner, path)).toBe(isCovered);
    expect(ownershipOf([owner]).ownerOf(path)).toBe(isCovered ? owner : null);
  });

  it('is found as by a look at every owner', () => {
    const segment = fc.constantFrom('a', 'b', 'ab');
    const path = fc
      .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([segments, isFolder]) => segments.join('/') + (isFolder ? '/' : ''));
    fc.assert(
      fc.property(fc.array(path, { maxLength: 5 }), path, (owners, one) => {
        const found = ownershipOf(owners).ownerOf(one);
        expect(found !== null).toBe(owners.some((owner) => covers(owner, one)));
        if (found !== null) expect(owners.includes(found) && covers(found, one)).toBe(true);
      }),
    );
  });

  it.each<[string, string[]]>([
    ['a', []],
    ['a/', []],
    ['a/b', ['a/']],
    ['a/b/c', ['a/', 'a/b/']],
    ['a/b/c/', ['a/', 'a/b/']],
  ])('folders above %s', (path, folders) => expect(foldersAbove(path)).toEqual(folders));

  it('is looked for in sixty-four folders above a path, however deep a hostile one is', () => {
    const folders = foldersAbove('a/'.repeat(1000));
    expect(folders).toHaveLength(64);
    expect(folders.at(-1)).toBe('a/'.repeat(64));
  });
});
