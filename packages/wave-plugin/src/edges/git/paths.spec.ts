import fc from 'fast-check';
import { posix } from 'node:path';
import { parseGitVersion } from './open-repository';
import { quoteAlternate, toTopPath, toWorkspacePath } from './paths';

const name = fc.stringMatching(/^[a-zA-Z0-9 é*[\]-]{1,8}$/).filter((part) => part.trim() !== '');
const folders = fc.array(name, { maxLength: 3 });

describe('paths between the workspace and the top of its repository', () => {
  it('come back as they went, wherever the workspace lies', () => {
    fc.assert(
      fc.property(folders, folders, name, (workspace, above, file) => {
        const prefix = workspace.length === 0 ? '' : `${workspace.join('/')}/`;
        const top = [...above, file].join('/');
        // No tree has a file where it has the folder of the workspace.
        fc.pre(!prefix.startsWith(`${top}/`));
        const seen = toWorkspacePath(prefix, top);
        expect(posix.join(prefix, seen)).toBe(top);
        expect(seen.startsWith('../')).toBe(!top.startsWith(prefix));
        expect(toTopPath(prefix, seen)).toEqual({ ok: true, value: top });
      }),
    );
  });

  it.each(['', '/a', 'a/', 'a//b', './a', '.git/config', 'a/.Git', 'a\0b', '../../a', 'a/../../../b'])(
    'refuse %j in a slice',
    (path) => {
      expect(toTopPath('ws/', path)).toMatchObject({ ok: false, error: { code: 'bundle-invalid' } });
    },
  );

  it('are quoted in lists of object folders only where git would split them', () => {
    expect(quoteAlternate('/a b/é')).toBe('/a b/é');
    expect(quoteAlternate('/a:b"c\\d\n')).toBe('"/a:b\\"c\\\\d\\n"');
  });
});

describe('a git version', () => {
  it.each([
    ['git version 2.38.0', '2.38.0', true],
    ['git version 2.39.5 (Apple Git-154)', '2.39.5', true],
    ['git version 2.47.1.windows.2', '2.47.1', true],
    ['git version 3.0', '3.0', true],
    ['git version 2.37.9', '2.37.9', false],
    ['git version 1.99.1', '1.99.1', false],
  ])('%s is read as %s', (text, version, enough) => {
    expect(parseGitVersion(text)).toEqual({ version, enough });
  });
});
