import { type FileChange } from '@nx-wave/schemas';
import { type TreeEntry } from './read-file-at';
import { createTreeView, pathsThatDecide } from './tree-view';

const file = (oid: string, mode = '100644') => ({ mode, oid });
const change = (path: string, before: FileChange['before'], after: FileChange['after']): FileChange => ({
  path,
  before,
  after,
});
const tree = (): Map<string, TreeEntry> =>
  new Map([
    ['a', { ...file('a1'), type: 'blob' }],
    ['link', { ...file('l1', '120000'), type: 'blob' }],
    ['lib', { ...file('t1', '040000'), type: 'tree' }],
    ['lib/x', { ...file('x1'), type: 'blob' }],
    ['sub', { ...file('s1', '160000'), type: 'commit' }],
  ]);

describe('a slice on a tree', () => {
  it.each([
    ['changes a file that is as it was', change('a', file('a1'), file('a2'))],
    ['removes a file that is as it was', change('lib/x', file('x1'), null)],
    ['changes where a link points', change('link', file('l1', '120000'), file('l2', '120000'))],
    ['adds a file to a folder', change('lib/y', null, file('y1'))],
    ['adds a file to a new folder', change('new/deep/y', null, file('y1'))],
  ])('fits when it %s', (_, one) => {
    expect(createTreeView(tree()).fits([one])).toBe(true);
  });

  it.each([
    ['a file has other bytes', change('a', file('a0'), file('a2'))],
    ['a file has another mode', change('a', file('a1', '100755'), file('a2'))],
    ['a file is gone', change('b', file('b1'), file('b2'))],
    ['a new file is there already', change('a', null, file('a2'))],
    ['a folder stands where it wants a file', change('lib', null, file('n1'))],
    ['a file stands where it wants a folder', change('a/b', null, file('n1'))],
    ['a link stands where it wants a folder', change('link/b', null, file('n1'))],
    ['a submodule stands where it wants a file', change('sub', null, file('n1'))],
    ['a submodule stands where it wants a folder', change('sub/b', null, file('n1'))],
    ['a folder stands where it had a file', change('lib', file('t1', '040000'), file('n1'))],
  ])('does not fit when %s', (_, one) => {
    expect(createTreeView(tree()).fits([one])).toBe(false);
    expect(createTreeView(tree()).fits([change('a', file('a1'), null), one])).toBe(false);
  });

  it('is looked at on top of the slices before it', () => {
    const view = createTreeView(tree());
    view.apply([change('a', file('a1'), file('a2')), change('lib/x', file('x1'), null)]);
    view.apply([change('n/m', null, file('m1'))]);
    expect(view.fits([change('a', file('a1'), file('a3'))])).toBe(false);
    expect(view.fits([change('a', file('a2'), file('a3'))])).toBe(true);
    expect(view.fits([change('lib/x', file('x1'), null)])).toBe(false);
    expect(view.fits([change('lib/x', null, file('x2'))])).toBe(true);
    expect(view.fits([change('n', null, file('n1'))])).toBe(false);
    expect(view.fits([change('n/m/o', null, file('o1'))])).toBe(false);
    expect(view.fits([change('n/o', null, file('o1'))])).toBe(true);
  });

  it('asks for its paths and every folder above them', () => {
    expect(pathsThatDecide(['a', 'lib/x', 'new/deep/y']).sort()).toEqual([
      'a',
      'lib',
      'lib/x',
      'new',
      'new/deep',
      'new/deep/y',
    ]);
  });
});
