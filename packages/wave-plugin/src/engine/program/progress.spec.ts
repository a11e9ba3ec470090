import { createProgress } from './progress';

function shownOf(lines: [atMs: number, text: string][], end: boolean): string[] {
  const shown: string[] = [];
  let now = 0;
  const progress = createProgress(
    (text) => shown.push(text),
    () => now,
  );
  for (const [atMs, text] of lines) {
    now = atMs;
    progress.add({ kind: 'say', text });
  }
  if (end) progress.end();
  return shown;
}

const burst = (atMs: number, ...texts: string[]) => texts.map((text): [number, string] => [atMs, text]);

describe('the lines of a running program', () => {
  it.each<[string, [number, string][], string[]]>([
    ['shows all of a few', burst(0, 'a', 'b', 'c'), ['a', 'b', 'c']],
    ['shows three a second, and the last one at the end', burst(0, 'a', 'b', 'c', 'd'), ['a', 'b', 'c', 'd']],
    [
      'counts what it left out before the last',
      burst(0, 'a', 'b', 'c', 'd', 'e', 'f'),
      ['a', 'b', 'c', 'f (and 2 more)'],
    ],
    [
      'counts what it left out at the next line that is shown',
      [...burst(0, 'a', 'b', 'c', 'd', 'e'), ...burst(1_000, 'f')],
      ['a', 'b', 'c', 'f (and 2 more)'],
    ],
    [
      'begins anew each second',
      [...burst(0, 'a', 'b', 'c'), ...burst(999, 'd'), ...burst(1_000, 'e')],
      ['a', 'b', 'c', 'e (and 1 more)'],
    ],
  ])('%s', (_title, lines, shown) => {
    expect(shownOf(lines, true)).toEqual(shown);
  });

  it('says what an agent does in a word', () => {
    const shown: string[] = [];
    const progress = createProgress(
      (text) => shown.push(text),
      () => 0,
    );
    progress.add({ kind: 'read', text: 'src/a.ts' });
    progress.add({ kind: 'edit', text: 'src/b.ts' });
    progress.add({ kind: 'run', text: 'npm test' });
    expect(shown).toEqual(['reads src/a.ts', 'edits src/b.ts', 'runs npm test']);
  });
});
