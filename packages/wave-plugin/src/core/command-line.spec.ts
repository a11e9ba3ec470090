import fc from 'fast-check';
import { describeCommandLineProblem, splitCommandLine } from './command-line';

describe('splitCommandLine', () => {
  it.each([
    ['node scripts/a1.mjs', ['node', 'scripts/a1.mjs']],
    ['  node\ta.mjs  ', ['node', 'a.mjs']],
    [`node a.mjs --name='two words'`, ['node', 'a.mjs', '--name=two words']],
    [String.raw`node "say \"hi\"" c\ d`, ['node', 'say "hi"', 'c d']],
    [String.raw`node "a\b"`, ['node', String.raw`a\b`]],
    [`sh -c 'a | b > "$HOME"'`, ['sh', '-c', 'a | b > "$HOME"']],
    [`node ''`, ['node', '']],
    ['node a#b x~y', ['node', 'a#b', 'x~y']],
    ['node app/[id]/page.tsx {a,b}', ['node', 'app/[id]/page.tsx', '{a,b}']],
  ])('splits %s', (text, words) => {
    expect(splitCommandLine(text)).toEqual({ ok: true, words });
  });

  it.each([
    ['', 'it is empty'],
    ['   ', 'it is empty'],
    ['a | b', '`|` at column 3 needs a shell'],
    ['a && b', '`&` at column 3 needs a shell'],
    ['a > b', '`>` at column 3 needs a shell'],
    ['a\nb', '`line break` at column 2 needs a shell'],
    ['a # note', '`#` at column 3 needs a shell'],
    ['node $HOME/x', '`$` at column 6 would be expanded by a shell only'],
    ['node "$HOME"', '`$` at column 7 would be expanded by a shell only'],
    ['echo `id`', '``` at column 6 would be expanded by a shell only'],
    ['ls *.ts', '`*` at column 4 would be expanded by a shell only'],
    ['ls ~/x', '`~` at column 4 would be expanded by a shell only'],
    ['echo "abc', '`"` at column 6 is never closed'],
    [`echo 'abc`, "`'` at column 6 is never closed"],
    ['echo abc\\', '`\\` at column 9 is never closed'],
  ])('refuses %j', (text, reason) => {
    const line = splitCommandLine(text);
    expect(line.ok ? line.words : describeCommandLineProblem(line)).toBe(reason);
  });

  it('gives back any words that were put in single quotes', () => {
    const word = fc.string().filter((text) => !text.includes("'"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(splitCommandLine(words.map((text) => `'${text}'`).join(' '))).toEqual({ ok: true, words });
      }),
    );
  });
});
