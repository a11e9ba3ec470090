import * as fc from 'fast-check';
import { fullName, recordName, recordsNamed, sharedIds } from './record-names';

const q = (by: string, id = 'q1') => ({ by, id });

describe('the name of a record in its wave', () => {
  it('is its id, and has its author in front where another agent uses the same', () => {
    const all = [q('A1'), q('A2'), q('A2', 'q2'), q('A1')];
    expect(all.map((one) => recordName(one, sharedIds(all)))).toEqual(['A1/q1', 'A2/q1', 'q2', 'A1/q1']);
  });

  it('finds that record and no other; a bare id that is shared finds all that it may mean', () => {
    const all = [q('A1'), q('A2')];
    expect(recordsNamed('A2/q1', all)).toEqual([q('A2')]);
    expect(recordsNamed('q1', all)).toEqual(all);
    expect(recordsNamed('q2', all)).toEqual([]);
  });

  it('is unique for all records that differ', () => {
    const record = fc.record({
      by: fc.constantFrom('A1', 'A2', 'A8'),
      id: fc.constantFrom('q1', 'q2', 'q3'),
    });
    fc.assert(
      fc.property(fc.array(record), (all) => {
        const names = new Map(all.map((one) => [fullName(one), recordName(one, sharedIds(all))]));
        return new Set(names.values()).size === names.size;
      }),
    );
  });
});
