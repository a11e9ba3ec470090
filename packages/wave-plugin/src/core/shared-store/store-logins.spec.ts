import { isStoreLogin, withoutStoreLogins } from './store-logins';

const env = {
  PATH: '/bin',
  AZURE_STORAGE_KEY: 'k',
  AZURE_CLIENT_SECRET: 's',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_PROFILE: 'p',
};

it.each([
  ['azblob://account/container', ['PATH', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE']],
  ['s3://bucket/prefix', ['PATH', 'AZURE_STORAGE_KEY', 'AZURE_CLIENT_SECRET']],
  ['file:///srv/store', Object.keys(env)],
  [null, Object.keys(env)],
])('programs get the environment without the logins of %s', (url, names) => {
  expect(Object.keys(withoutStoreLogins(env, { url }))).toEqual(names);
});

it('where nothing is taken out it is the same object, and names count in any letter case', () => {
  expect(withoutStoreLogins(env, { url: null })).toBe(env);
  expect(isStoreLogin({ url: 'azblob://account/container' }, 'azure_storage_key')).toBe(true);
});
