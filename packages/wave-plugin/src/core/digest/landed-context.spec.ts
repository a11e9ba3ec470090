import fc from 'fast-check';
import type { FileChange } from '@nx-wave/schemas';
import { takeBack } from './landed-context';

const paths = ['a', 'b', 'c'];
const image = fc.option(fc.constantFrom('1', '2', '3'), { nil: null });
const files = fc
  .tuple(image, image, image)
  .map((ids) => new Map(paths.map((path, at) => [path, ids[at] ?? null])));
/** Each step of a history: a landing, or an edit by a person, that leaves these files. */
const history = fc.array(fc.record({ files, by: fc.constantFrom('landing', 'person') }), { maxLength: 6 });
const asImage = (oid: string | null) => (oid === null ? null : { mode: '100644', oid });
const changesOf = (
  before: ReadonlyMap<string, string | null>,
  after: ReadonlyMap<string, string | null>,
): FileChange[] =>
  paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => ({
      path,
      before: asImage(before.get(path) ?? null),
      after: asImage(after.get(path) ?? null),
    }));

describe('files taken back through landings', () => {
  it('stay as they are where a landing left a file as it was, or the file is none that is asked for', () => {
    const same: FileChange = { path: 'a', before: asImage('1'), after: asImage('1') };
    expect(takeBack(new Map([['a', '1']]), [[same]])).toEqual([]);
    const removed: FileChange = { path: 'b', before: asImage('1'), after: null };
    expect(takeBack(new Map([['a', '1']]), [[removed]])).toEqual([]);
  });

  it('take back each landing by itself where two wrote the same content', () => {
    const change = (): FileChange => ({ path: 'a', before: null, after: asImage('1') });
    const other: FileChange = { path: 'b', before: asImage('2'), after: asImage('3') };
    const now = new Map([
      ['a', '1'],
      ['b', '3'],
    ]);
    expect(takeBack(now, [[change()], [other]]).map((state) => [...state])).toEqual([
      [
        ['a', null],
        ['b', '3'],
      ],
      [
        ['a', null],
        ['b', '2'],
      ],
    ]);
  });

  it('are every state that the landings went through, as long as nobody else touched them', () => {
    fc.assert(
      fc.property(files, fc.array(files, { maxLength: 6 }), (first, later) => {
        const states = [first, ...later];
        const landings = later.map((after, at) => changesOf(states[at] ?? first, after)).reverse();
        const back = takeBack(states.at(-1) ?? first, landings).map((state) => [...state]);
        const seen = states.slice(0, -1).reverse();
        const distinct = seen.filter(
          (state, at) => changesOf(state, [...states].reverse()[at] ?? first).length > 0,
        );
        expect(back).toEqual(distinct.map((state) => [...state]));
      }),
    );
  });

  it('are the same in whatever order the ledgers are read, as long as no content comes twice', () => {
    const contents = fc.uniqueArray(fc.nat(999), { minLength: 2, maxLength: 6 });
    const shuffled = contents.chain((all) => {
      const ids = all.map(String);
      const landings = ids
        .slice(1)
        .map((id, at): FileChange[] => [{ path: 'a', before: asImage(ids[at] ?? null), after: asImage(id) }]);
      const order = fc.shuffledSubarray(landings, { minLength: landings.length });
      return fc.record({ ids: fc.constant(ids), landings: order });
    });
    fc.assert(
      fc.property(shuffled, ({ ids, landings }) => {
        const states = ids.map((id) => new Map<string, string | null>([['a', id]]));
        const now = states.at(-1) ?? new Map<string, string | null>();
        expect(takeBack(now, landings)).toEqual(states.slice(0, -1).reverse());
      }),
    );
  });

  it('never give a file a content that it had before the last edit of a person', () => {
    fc.assert(
      fc.property(files, history, (first, steps) => {
        const states = [first, ...steps.map((step) => step.files)];
        const now = states.at(-1) ?? first;
        const landings = steps.flatMap(({ by, files: after }, at) =>
          by === 'landing' ? [changesOf(states[at] ?? first, after)] : [],
        );
        for (const path of paths) {
          const edited = steps.findLastIndex(
            ({ by, files: after }, at) => by === 'person' && states[at]?.get(path) !== after.get(path),
          );
          const since = new Set(states.slice(edited + 1).map((state) => state.get(path)));
          // An edit that restores what a landing left cannot be told from none.
          const before = new Set(states.slice(0, edited + 1).map((state) => state.get(path)));
          if ([...since].some((id) => before.has(id))) continue;
          for (const state of takeBack(now, [...landings].reverse()))
            expect(since).toContain(state.get(path));
        }
      }),
    );
  });
});
