import { callersPath } from './callers-path';

const added = '/work/shop/node_modules/.bin:/work/node_modules/.bin:/node_modules/.bin:/opt/node/bin';

describe('the PATH of whoever called Nx', () => {
  it.each([
    ['is what stands behind all that Nx put in front', `${added}:/usr/bin:/bin`, '/usr/bin:/bin'],
    [
      'keeps what a package manager put there before, which looks the same',
      `${added}:/work/shop/node_modules/.bin:/usr/bin`,
      '/work/shop/node_modules/.bin:/usr/bin',
    ],
    ['keeps an entry that is empty', `${added}::/usr/bin`, ':/usr/bin'],
    ['is taken as it is where Nx put nothing in front', '/usr/bin:/bin', '/usr/bin:/bin'],
    [
      'is taken as it is where something else stands between',
      '/work/shop/node_modules/.bin:/mine:/usr/bin',
      '/work/shop/node_modules/.bin:/mine:/usr/bin',
    ],
    ['is taken as it is where nothing would be left', added, added],
  ])('%s', (_, path, expected) => {
    expect(callersPath(path, '/work/shop')).toBe(expected);
  });
});
