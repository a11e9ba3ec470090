import { isStoreKey, storeKeys } from './backend';

describe('keys of the shared store', () => {
  it.each([
    storeKeys.about,
    storeKeys.claim('a'.repeat(64)),
    storeKeys.wave('main-wave-3'),
    storeKeys.bundle('0f'),
    storeKeys.checkpoint('0f'),
  ])('%s is one', (key) => {
    expect(isStoreKey(key)).toBe(true);
  });

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/..', 'a/.hidden', 'a b', 'a\\b', 'ä', 'a?b', 'a'.repeat(513)])(
    '%j is none',
    (key) => {
      expect(isStoreKey(key)).toBe(false);
    },
  );
});
