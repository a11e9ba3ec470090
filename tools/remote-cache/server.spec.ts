import { startRemoteCache, type RemoteCache } from './server';

describe('the remote cache of the tests', () => {
  let cache: RemoteCache;
  beforeAll(async () => void (cache = await startRemoteCache({ token: 'may-write', readToken: 'may-read' })));
  afterAll(() => cache.close());
  const ask = (method: string, path: string, token: string | null, body?: string) =>
    fetch(`${cache.url}${path}`, {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });

  it('listens on loopback only', () => expect(cache.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/));

  it('gives back the bytes that were put, and never replaces them', async () => {
    expect((await ask('GET', '/v1/cache/1234', 'may-write')).status).toBe(404);
    expect((await ask('PUT', '/v1/cache/1234', 'may-write', 'bytes')).status).toBe(200);
    expect((await ask('PUT', '/v1/cache/1234', 'may-write', 'others')).status).toBe(409);
    const kept = await ask('GET', '/v1/cache/1234', 'may-read');
    expect([kept.status, kept.headers.get('content-type'), await kept.text()]).toEqual([
      200,
      'application/octet-stream',
      'bytes',
    ]);
  });

  it('does what a test lets go wrong, for as long as it does', async () => {
    const entry = '/v1/cache/wrong';
    await ask('PUT', entry, 'may-write', 'a whole entry');
    cache.meddle = ({ method, hash }) => (method === 'GET' && hash === 'wrong' ? { status: 503 } : null);
    expect((await ask('GET', entry, 'may-read')).status).toBe(503);
    cache.meddle = () => ({ body: Buffer.from('other bytes') });
    expect(await (await ask('GET', entry, 'may-read')).text()).toBe('other bytes');
    cache.meddle = () => 'cut';
    await expect(ask('GET', entry, 'may-read').then((cut) => cut.text())).rejects.toThrow();
    cache.meddle = null;
    expect(await (await ask('GET', entry, 'may-read')).text()).toBe('a whole entry');
  });

  it.each<[string, string, string, string | null, number]>([
    ['no token', 'GET', '/v1/cache/1', null, 401],
    ['a wrong token', 'PUT', '/v1/cache/1', 'guess', 401],
    ['a token that may only read', 'PUT', '/v1/cache/1', 'may-read', 403],
    ['another address', 'GET', '/v1/other/1', 'may-write', 404],
    ['a hash that is a path', 'GET', '/v1/cache/..%2F..%2Fetc', 'may-write', 404],
    ['another method', 'DELETE', '/v1/cache/1', 'may-write', 405],
  ])('refuses %s in plain text', async (_, method, path, token, status) => {
    const refused = await ask(method, path, token, method === 'PUT' ? 'x' : undefined);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([status, 'text/plain']);
    expect(cache.entries.has('1')).toBe(false);
  });
});
