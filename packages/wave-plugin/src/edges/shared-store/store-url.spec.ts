import { parseStoreUrl, readStoreAddress } from './store-url';

describe('the address of a shared store', () => {
  it.each<[string, Record<string, unknown>]>([
    ['file:///srv/waves', { scheme: 'file', folder: '/srv/waves', name: '/srv/waves' }],
    ['file:///srv/my%20waves', { folder: '/srv/my waves' }],
    ['azblob://account1/waves', { scheme: 'azblob', account: 'account1', container: 'waves', prefix: '' }],
    ['azblob://account1/waves/team/a', { prefix: 'team/a/', name: 'azblob://account1/waves/team/a' }],
    [
      's3://my.bucket/team',
      { scheme: 's3', bucket: 'my.bucket', prefix: 'team/', region: null, endpoint: null },
    ],
    [
      's3://bucket/?region=eu-central-1&endpoint=https://r2.example.com/',
      { prefix: '', region: 'eu-central-1', endpoint: 'https://r2.example.com' },
    ],
    ['s3://bucket/a?endpoint=http://127.0.0.1:9000', { endpoint: 'http://127.0.0.1:9000' }],
  ])('%s is read', (url, address) => {
    const parsed = parseStoreUrl(url);
    expect(parsed).toMatchObject({ ok: true, value: address });
  });

  it.each([
    'waves',
    'https://account1.blob.core.windows.net/waves',
    'file://server/share',
    'file:///srv/waves?x=1',
    'azblob://account1',
    'azblob://Account_1/waves',
    'azblob://account1/Waves',
    'azblob://account1/waves/..%2fother',
    's3://b/prefix',
    's3://bucket/a b',
    's3://bucket/a?acl=public',
    's3://bucket/a?endpoint=http://example.com',
    's3://bucket/a?region=eu central',
  ])('%s is none', (url) => {
    expect(parseStoreUrl(url)).toMatchObject({ ok: false, error: { code: 'store-url-invalid' } });
  });

  it.each([
    'azblob://account1/waves?sv=2024&sig=s3cretsignature',
    'azblob://user:s3cretsignature@account1/waves',
    's3://key:s3cretsignature@bucket/a',
    's3://bucket/a?secret=s3cretsignature',
    's3://bucket/a?endpoint=https://key:s3cretsignature@example.com',
    's3cretsignature://bucket/a#s3cretsignature',
  ])('%s is refused, and its login is not repeated', (url) => {
    const parsed = parseStoreUrl(url);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain('s3cretsignature');
  });

  it('is a folder for store.path, from the workspace root', () => {
    expect(readStoreAddress({ url: null, path: '../store' }, '/people/ada/repo')).toMatchObject({
      value: { scheme: 'file', folder: '/people/ada/store' },
    });
    expect(readStoreAddress({ url: null, path: '/srv/store' }, '/people/ada/repo')).toMatchObject({
      value: { folder: '/srv/store' },
    });
  });

  it('is none where nothing is configured, and one where two are', () => {
    expect(readStoreAddress({ url: null, path: null }, '/repo')).toEqual({ ok: true, value: null });
    expect(readStoreAddress({ url: 'file:///a', path: 'b' }, '/repo')).toMatchObject({ ok: false });
  });
});
