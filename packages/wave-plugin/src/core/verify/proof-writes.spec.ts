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

  it('tells paths in their order, whatever the order they were seen in', () => {
    const changed = (path: string): ProofWrite => ({ path, kind: 'changed' });
    expect(judgeWrites(['lib/b', 'z', 'src/a.ts', 'lib/a', 'y'].map(changed), guard)).toEqual({
      refused: ['lib/a', 'lib/b', 'src/a.ts'],
      putBack: ['y', 'z'],
    });
  });
});

describe('namePaths', () => {
  it('never prints a line break of a name, and counts what it leaves out', () => {
    expect(namePaths(['a\nb', 'c', 'd', 'e', 'f', 'g', 'h'])).toBe('"a\\nb", c, d, e, f and 2 more');
  });

  it('names five of five', () => {
    expect(namePaths(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d, e');
  });
});
