import { weakenedTests } from './weakened-tests';

const path = 'src/a.test.ts';
const told = (before: string | null, now: string | null) => {
  const texts = (text: string | null) => new Map(text === null ? [] : [[path, text]]);
  return weakenedTests([path], { before: texts(before), now: texts(now) }).map(({ message }) => message);
};
const two = "test('a', () => {});\nit('b', () => {});\n";

describe('tests of the base in a slice', () => {
  it.each<[string, string | null, string | null, string | null]>([
    ['as they were', two, two, null],
    ['with one more', two, `${two}test('c', () => {});`, null],
    ['with another text', two, two.replace('() => {}', '() => expect(1).toBe(1)'), null],
    ['that are new', null, two, null],
    ['that are gone', two, null, 'is gone'],
    ['with one less', two, "test('a', () => {});", 'fewer tests than in the base (1 less)'],
    ['with a table in place of a case', two, "test.each([1])('%i', () => {}); it('b', () => {});", null],
    ['with one commented as a word', two, `${two}// the unit(x) of edit(y)`, null],
    ['one of which is skipped', two, two.replace('it(', 'it.skip('), 'fewer tests than in the base (1 less)'],
    ['one of which is crossed out', two, two.replace('it(', 'xit('), 'fewer tests than in the base (1 less)'],
    [
      'beside one that is passed over',
      two,
      `${two}test.todo('c');`,
      'passes over more tests than in the base (1 more)',
    ],
    ['one of which runs alone', two, `${two}describe.only('c', () => {});`, 'passes over more tests'],
    ['one of which was passed over before', "it.skip('a');", "it.skip('a', () => {});", null],
    ['one of which is put back', "xit('a', () => {});", "it('a', () => {});", null],
  ])('%s', (_what, before, now, message) => {
    expect(told(before, now)).toEqual(message === null ? [] : [expect.stringContaining(message)]);
  });

  it('name their file', () => {
    expect(weakenedTests([path], { before: new Map([[path, two]]), now: new Map() })).toEqual([
      { code: 'base-tests-changed', message: expect.stringContaining(path), paths: [path] },
    ]);
  });
});
