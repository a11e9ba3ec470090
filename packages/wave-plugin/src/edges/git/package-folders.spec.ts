import { packageFoldersAfter, packageFoldersOf } from './package-folders';

const after = { mode: '100644', oid: 'a'.repeat(40) };

describe('package folders', () => {
  it('are those that hold a package.json, the top among them, each once', () => {
    expect(
      packageFoldersOf(['src/a.ts', 'libs/b/package.json', 'package.json', 'libs/my-package.json']),
    ).toEqual(['', 'libs/b']);
  });

  it('follow the changes that are put on a tree', () => {
    const changes = [
      { path: 'libs/new/package.json', after },
      { path: 'libs/old/package.json', after: null },
      { path: 'libs/old/index.ts', after },
    ];
    expect(packageFoldersAfter(['', 'libs/old'], changes)).toEqual(['', 'libs/new']);
  });
});
