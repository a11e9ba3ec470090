import { judgeWrites, namePaths, type ProofWrite } from './proof-writes';

const guard = { guarded: ['src/a.ts', 'lib/'], mayWrite: ['lib/gen/', 'src/made.ts'] };

describe('judgeWrites', () => {
  it.each<[string, ProofWrite, 'refused' | 'putBack' | null]>([
    ['a guarded file that changed', { path: 'src/a.ts', kind: 'changed' }, 'refused'],
    ['a guarded file that is gone', { path: 'lib/b.ts', kind: 'removed' }, 'refused'],
    ['a new file in an owned folder', { path: 'lib/c.ts', kind: 'created' }, 'putBack'],
    ['a lock file of nobody', { path: 'package-lock.json', kind: 'changed' }, 'putBack'],
    ['what may be written', { path: 'lib/gen/x.ts', kind: 'changed' }, null],
    ['a new file that may be written', { path: 'src/made.ts', kind: 'created' }, null],
  ])('judges %s', (_case, write, expected) => {
    const judged = judgeWrites([write], guard);
    expect(judged.refused).toEqual(expected === 'refused' ? [write.path] : []);
    expect(judged.putBack).toEqual(expected === 'putBack' ? [write.path] : []);
  });
});

describe('namePaths', () => {
  it('never prints a line break of a name, and counts what it leaves out', () => {
    expect(namePaths(['a\nb', 'c', 'd', 'e', 'f', 'g', 'h'])).toBe('"a\\nb", c, d, e, f and 2 more');
  });
});
