import type { FileChange } from '@nx-wave/schemas';
import { changesLinks, findMergedEscapes } from './merged-links';

const link = { mode: '120000', oid: 'a'.repeat(40) };
const file = { mode: '100644', oid: 'b'.repeat(40) };
const change = (path: string, before: FileChange['before'], after: FileChange['after']): FileChange => ({
  path,
  before,
  after,
});
const slice = (sliceId: string, ...changes: FileChange[]) => ({ sliceId, changes });

describe('findMergedEscapes', () => {
  it.each([
    [
      'two slices whose links lead out only together',
      { 'a/l': 'm/../../x', 'a/m': '../b' },
      [slice('A1', change('a/l', null, link)), slice('A2', change('a/m', null, link))],
      [{ path: 'a/l', target: 'm/../../x', sliceIds: ['A1', 'A2'] }],
    ],
    [
      'one slice and a link of the base',
      { 'a/l': 'm/../../x', 'a/m': '../b' },
      [slice('A1', change('a/m', null, link))],
      [{ path: 'a/l', target: 'm/../../x', sliceIds: ['A1'] }],
    ],
    [
      'a link that was removed from the way of one of the base',
      { 'a/l': 'm/../../x' },
      [slice('A1', change('a/m', link, null)), slice('A2', change('b.txt', null, file))],
      [],
    ],
    [
      'a link that became a folder in the way of one of the base',
      { l: 'm/../../x' },
      [slice('A1', change('m', link, null), change('m/f.txt', null, file))],
      [{ path: 'l', target: 'm/../../x', sliceIds: ['A1'] }],
    ],
    [
      'a link that a slice leads through one of the base that leaves it',
      { l: 'out/x', out: '/etc' },
      [slice('A1', change('l', null, link))],
      [{ path: 'l', target: 'out/x', sliceIds: ['A1'] }],
    ],
    [
      'a link of the base that leaves it and that nobody touches',
      { l: 'src', out: '/etc' },
      [slice('A1', change('l', null, link), change('src/a.txt', null, file))],
      [],
    ],
    [
      'a link of the base that leaves it over a file that a slice changed',
      { l: 'f/../../x' },
      [slice('A1', change('f', file, file), change('m', null, link))],
      [],
    ],
    [
      'links in the order of their paths, and of slices by their ids',
      { c: '../x', a: '../x', b: '../x' },
      [
        slice('A2', change('a', null, link), change('c', null, link)),
        slice('A1', change('c', null, link), change('b', null, link)),
      ],
      [
        { path: 'a', target: '../x', sliceIds: ['A2'] },
        { path: 'b', target: '../x', sliceIds: ['A1'] },
        { path: 'c', target: '../x', sliceIds: ['A1', 'A2'] },
      ],
    ],
    ['links that stay inside', { 'a/l': '../b/x' }, [slice('A1', change('a/l', null, link))], []],
  ])('judges %s', (_case, links, slices, expected) => {
    expect(findMergedEscapes(links as Record<string, string>, slices)).toEqual(expected);
  });
});

describe('changesLinks', () => {
  it.each([
    ['makes a link', change('l', null, link), true],
    ['removes a link', change('l', link, null), true],
    ['changes a file', change('l', file, file), false],
  ])('says of a slice that %s', (_case, one, expected) => {
    expect(changesLinks(slice('A1', one))).toBe(expected);
    expect(changesLinks(slice('A1', change('f', file, file), one))).toBe(expected);
  });
});
