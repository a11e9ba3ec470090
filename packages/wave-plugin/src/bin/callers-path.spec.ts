import { callersPath } from './callers-path';

const added =
  '/people/ada/shop/node_modules/.bin:/people/ada/node_modules/.bin:/people/node_modules/.bin:/node_modules/.bin:/opt/node/bin';

describe('the PATH of whoever called Nx', () => {
  it.each([
    ['is what stands behind all that Nx put in front', `${added}:/usr/bin:/bin`, '/usr/bin:/bin'],
    [
      'keeps what a package manager put there before, which looks the same',
      `${added}:/people/ada/shop/node_modules/.bin:/usr/bin`,
      '/people/ada/shop/node_modules/.bin:/usr/bin',
    ],
    ['keeps an entry that is empty', `${added}::/usr/bin`, ':/usr/bin'],
    ['is taken as it is where Nx put nothing in front', '/usr/bin:/bin', '/usr/bin:/bin'],
    [
      'is taken as it is where something else stands between',
      '/people/ada/shop/node_modules/.bin:/mine:/usr/bin',
      '/people/ada/shop/node_modules/.bin:/mine:/usr/bin',
    ],
    ['is taken as it is where nothing would be left', added, added],
  ])('%s', (_, path, expected) => {
    expect(callersPath(path, '/people/ada/shop')).toBe(expected);
  });
});
