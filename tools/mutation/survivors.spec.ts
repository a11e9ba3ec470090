// Tests tools/mutation/survivors.mjs.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Judged {
  figures: Record<string, number>;
  unexplained: { name: string }[];
  needless: string[];
}

/** What a function of the module makes of these arguments. */
function call(name: string, ...args: unknown[]): unknown {
  const module = pathToFileURL(join(__dirname, 'survivors.mjs')).href;
  const text = `import * as survivors from ${JSON.stringify(module)};
    try { console.log(JSON.stringify(survivors.${name}(...${JSON.stringify(args)}))); }
    catch ({ message }) { console.log(JSON.stringify({ message })); }`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8' }),
  );
}

const source = 'function f(a) {\n  if (a > 0 && a) {\n    return 1;\n  }\n  return a > 0;\n}\n';
const at = (line: number, column: number, endLine: number, endColumn: number) => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});
const mutant = (status: string, location: object, replacement: string) => ({
  file: 'packages/wave-plugin/src/core/f.ts',
  source,
  status,
  location,
  replacement,
});
const first = at(2, 7, 2, 12);
const block = at(2, 19, 4, 4);
const mutants = [
  mutant('Survived', first, 'true'),
  mutant('Killed', first, 'false'),
  mutant('NoCoverage', block, '{}'),
  mutant('Timeout', at(5, 10, 5, 15), 'true'),
  mutant('CompileError', at(5, 10, 5, 15), 'false'),
];
const judge = (...explained: object[]) => call('judgeMutants', mutants, explained) as Judged;
const reason = { file: 'core/f.ts', why: 'Because.' };

describe('a mutant that no unit test noticed', () => {
  it.each([
    [first, 'true', 'if ([-a > 0-]{+true+} && a) {'],
    [block, '{}', 'if (a > 0 && a) [-{ return 1; }-]{+{}+}'],
    [at(1, 15, 6, 2), '{}', `function f(a) [-${source.slice(14).replace(/\s+/g, ' ').trim()}-]{+{}+}`],
  ])('is told by its line and what it changes there, %j', (location, replacement, told) => {
    expect(call('describeMutant', mutant('Survived', location, replacement))).toBe(told);
  });

  it('is told by the begin and the end of what is long', () => {
    const long = `x = ${'a'.repeat(100)}${'b'.repeat(100)};`;
    const location = at(1, 5, 1, 205);
    expect(call('describeMutant', { source: long, location, replacement: '' })).toBe(
      `x = [-${'a'.repeat(80)} … ${'b'.repeat(30)}-]{++};`,
    );
  });

  it('is a new one until somebody says why', () => {
    const { figures, unexplained, needless } = judge();
    expect(figures).toEqual({ noticed: 1, endless: 1, survived: 1, uncovered: 1, same: 0, elsewhere: 0 });
    expect(unexplained.map(({ name }) => name)).toEqual([
      'core/f.ts: if ([-a > 0-]{+true+} && a) {',
      'core/f.ts: if (a > 0 && a) [-{ return 1; }-]{+{}+}',
    ]);
    expect(needless).toEqual([]);
  });

  it('is explained by its file and its text', () => {
    const { figures, unexplained, needless } = judge(
      { ...reason, kind: 'same', mutants: ['if ([-a > 0-]{+true+} && a) {'] },
      { ...reason, kind: 'elsewhere', mutants: ['if (a > 0 && a) [-{ return 1; }-]{+{}+}'] },
    );
    expect(figures).toMatchObject({ survived: 1, uncovered: 1, same: 1, elsewhere: 1 });
    expect([unexplained, needless]).toEqual([[], []]);
  });

  it('is not explained by what is said of another file or another change, and that is said to be needless', () => {
    const { unexplained, needless } = judge(
      { ...reason, kind: 'same', file: 'core/g.ts', mutants: ['if ([-a > 0-]{+true+} && a) {'] },
      { ...reason, kind: 'same', mutants: ['if ([-a > 0-]{+false+} && a) {'] },
    );
    expect(unexplained).toHaveLength(2);
    expect(needless).toEqual([
      'core/g.ts: if ([-a > 0-]{+true+} && a) {',
      'core/f.ts: if ([-a > 0-]{+false+} && a) {',
    ]);
  });

  it('keeps its reason where it took too long this time', () => {
    const { figures, needless } = judge({
      ...reason,
      kind: 'same',
      mutants: ['return [-a > 0-]{+true+};'],
    });
    expect(figures).toMatchObject({ same: 0 });
    expect(needless).toEqual([]);
  });

  it('has no other kind of reason than those of the table', () => {
    expect(judge({ ...reason, kind: 'tired', mutants: ['x'] })).toEqual({
      message: 'tired is none of same, elsewhere',
    });
  });
});

it('counts what took too long as noticed, and adds up the areas', () => {
  const figures = { noticed: 5, endless: 1, survived: 3, uncovered: 1, same: 2, elsewhere: 1 };
  const empty = { noticed: 0, endless: 0, survived: 0, uncovered: 0, same: 0, elsewhere: 0 };
  const { rows } = call('figureRows', [
    { name: 'keys', commit: 'abc', ...figures },
    { name: 'gates', commit: 'def', ...figures, noticed: 15 },
    { name: 'none', commit: '', ...empty },
  ]) as { rows: unknown[] };
  expect(rows).toEqual([
    ['keys', 10, 5, 1, 3, 1, 2, 1, '60.0 %', 'abc'],
    ['gates', 20, 15, 1, 3, 1, 2, 1, '80.0 %', 'def'],
    ['none', 0, 0, 0, 0, 0, 0, 0, '-', ''],
    ['all', 30, 20, 2, 6, 2, 4, 2, '73.3 %', ''],
  ]);
});
