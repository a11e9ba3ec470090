import { treeIdOf } from './tree-id';

const blob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
const entry = (path: string, mode = '100644') => ({ path, mode, oid: blob });

// Ids that `git write-tree` (2.39) gave for an index of these entries.
it.each([
  ['nothing', [], '4b825dc642cb6eb9a060e54bf8d69288fbee4904'],
  ['one file', [entry('a')], '496d6428b9cf92981dc9495211e6e1120fb6f2ba'],
  [
    'folders beside files whose names they begin',
    [
      entry('a-b'),
      entry('a.c', '100755'),
      entry('a/b/c', '120000'),
      entry('a/b/d'),
      entry('a0'),
      entry('b/é'),
    ],
    '3c6ff0897e099ea1c077cc9970dc9d6df7795064',
  ],
])('is the id of the tree that git writes: %s', (_, entries, id) => {
  expect(treeIdOf(entries)).toBe(id);
});
