import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askRemoteCache } from './ask-remote-cache';

describe('the remote cache of Nx', () => {
  let server: Server;
  let status = 404;
  const asked: string[] = [];
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    server = createServer(({ method, url: path, headers }, response) => {
      asked.push(`${method ?? ''} ${path ?? ''} ${headers.authorization ?? ''}`);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  const ask = (address = url()) =>
    askRemoteCache({
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: address,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'token',
    });

  it('is not asked where none is named', async () => expect(await askRemoteCache({})).toBeNull());

  it.each([
    [404, 'ready'],
    [401, 'refused'],
    [403, 'refused'],
    [500, 'failing'],
    [301, 'failing'],
  ] as const)('that answers %i is %s', async (given, answer) => {
    status = given;
    expect(await ask(`${url()}/`)).toBe(answer);
    expect(asked.at(-1)).toBe('GET /v1/cache/nx-wave-doctor Bearer token');
  });

  it('is asked where its address holds a login', async () => {
    status = 404;
    expect(await ask(url().replace('//', '//me:pass@'))).toBe('ready');
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1'],
    ['the address is none', 'not an address'],
  ])('is silent where %s', async (_, address) => expect(await ask(address)).toBe('silent'));
});
