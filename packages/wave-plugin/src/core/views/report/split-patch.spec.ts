import fc from 'fast-check';
import { splitPatch } from './split-patch';

const change = [
  'diff --git a/src/a.ts b/src/a.ts',
  'index 1..2 100644',
  '--- a/src/a.ts',
  '+++ b/src/a.ts',
  '@@ -1,2 +1,3 @@',
  ' same',
  '--- a/looks like a head',
  '+++ b/looks like one',
  '+diff --git a/x b/x',
].join('\n');

describe('a patch of git by file', () => {
  it('counts lines, and takes no content for a head', () => {
    expect(splitPatch(change)).toEqual([{ path: 'src/a.ts', text: change, added: 2, removed: 1 }]);
  });

  it.each<[string, string[], string | null]>([
    ['a new file', ['diff --git a/n b/n', '--- /dev/null', '+++ b/n', '@@ -0,0 +1 @@', '+1'], 'n'],
    ['a removed file', ['diff --git a/n b/n', '--- a/n', '+++ /dev/null', '@@ -1 +0,0 @@', '-1'], 'n'],
    [
      'a name with blanks',
      ['diff --git a/my file b/my file', '--- a/my file\t', '+++ b/my file\t', '@@ -1 +1 @@', '-1'],
      'my file',
    ],
    [
      'a name in quotes',
      ['diff --git "a/\\303\\244\\n" "b/\\303\\244\\n"', '--- /dev/null', '+++ "b/\\303\\244\\n"'],
      'ä\n',
    ],
    ['an empty file', ['diff --git a/e f b/e f', 'new file mode 100644', 'index 0..0'], 'e f'],
    ['bytes', ['diff --git a/x.png b/x.png', 'index 1..2', 'GIT binary patch', 'literal 3', 'Kcm+'], 'x.png'],
  ])('reads the path of %s', (_what, lines, path) => {
    expect(splitPatch(lines.join('\n'))[0]?.path).toBe(path);
  });

  it('counts no byte of a binary file as a line', () => {
    const text = 'diff --git a/x b/x\nGIT binary patch\nliteral 3\n+cm\n-cm';
    expect(splitPatch(text)[0]).toMatchObject({ added: 0, removed: 0 });
  });

  it('reads each of several files, and nothing before the first', () => {
    expect(
      splitPatch(`words\n${change}\n${change.replaceAll('a.ts', 'b.ts')}`).map(({ path }) => path),
    ).toEqual(['src/a.ts', 'src/b.ts']);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'diff --git a/b"\\\n@+-') }),
        (text) => void splitPatch(text),
      ),
    );
  });
});
