import { type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { dirname } from 'node:path';
import { openGateway, type Gateway, type GatewayRequest } from './gateway';

const servers: Server[] = [];
let gateway: Gateway | undefined;
afterEach(async () => {
  await gateway?.close();
  for (const server of servers.splice(0)) server.close();
});

/** A server on loopback that answers every connection with the same bytes. */
async function answering(bytes: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).end(bytes);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const served = 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nserved';

/** Every name has these addresses. */
const names = (...addresses: string[]) =>
  ((_name: string, _options: object, done: (error: null, found: LookupAddress[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as NonNullable<GatewayRequest['resolve']>;

async function open(asked: Partial<GatewayRequest>): Promise<string> {
  gateway = await openGateway({ hosts: [], ports: [], upstream: null, ...asked });
  return gateway.sockets[0]?.from ?? '';
}

/** The first line of the answer to raw bytes. */
function say(socketPath: string, bytes: string): Promise<string> {
  return new Promise((done) => {
    let heard = '';
    const socket = connect(socketPath, () => socket.write(bytes));
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('close', () => done(heard.split('\r\n')[0] ?? '')).on('error', () => undefined);
    socket.on('data', () => socket.end());
  });
}

const tunnelTo = (socketPath: string, place: string) =>
  say(socketPath, `CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n\r\n`);

function ask(socketPath: string, url: string): Promise<number | undefined> {
  return new Promise((done) => {
    request({ socketPath, path: url }, (got) => done(got.resume().statusCode))
      .on('error', () => done(undefined))
      .end();
  });
}

it.each(['inner.example:99999', 'inner.example:0', 'inner.example:', ':443', 'inner.example'])(
  'an allowed host with no port that there is (%s) is refused, and ends nobody',
  async (place) => {
    const at = await open({ hosts: ['inner.example'], resolve: names('127.0.0.1') });
    expect(await tunnelTo(at, place)).toMatch(/ 40[03] /);
    expect(await tunnelTo(at, 'elsewhere.example:443')).toContain('403');
  },
);

it.each([
  ['nonsense', 'nonsense\r\n\r\n'],
  ['a status that no server may send', 'HTTP/1.1 099 No\r\n\r\n'],
  ['nothing', ''],
])('a server that answers %s ends nobody', async (_what, bytes) => {
  const port = await answering(bytes);
  const good = await answering(served);
  const at = await open({ hosts: ['inner.example'], resolve: names('127.0.0.1') });
  expect(await ask(at, `http://inner.example:${port}/`)).not.toBe(200);
  expect(await ask(at, `http://inner.example:${good}/`)).toBe(200);
});

describe.each([
  ['this machine', '127.0.0.1'],
  ['this machine, by IPv6', '::ffff:127.0.0.1'],
])('a host that leads to %s', (_where, address) => {
  it('is refused where a pattern alone allows it, and named', async () => {
    const port = await answering(served);
    const at = await open({ hosts: ['*.example'], resolve: names(address) });
    expect(await tunnelTo(at, `inner.example:${port}`)).toContain('403');
    expect(await ask(at, `http://inner.example:${port}/`)).toBe(403);
    expect(await gateway?.close()).toEqual([`inner.example:${port}`]);
  });

  it('is reached where it is named in full', async () => {
    const port = await answering(served);
    const at = await open({ hosts: ['*.example', 'inner.example'], resolve: names(address) });
    expect(await tunnelTo(at, `inner.example:${port}`)).toContain('200');
    expect(await ask(at, `http://inner.example:${port}/`)).toBe(200);
  });
});

it('a host of a pattern is called at its outer addresses alone', async () => {
  const port = await answering(served);
  const asked: string[] = [];
  const twice = names('127.0.0.1', '192.0.2.1');
  const resolve = ((name: string, options: object, done: never) => {
    asked.push(name);
    (twice as unknown as (n: string, o: object, d: never) => void)(name, options, done);
  }) as unknown as typeof twice;
  const at = await open({ hosts: ['*.example'], resolve });
  const socket = connect(at, () => socket.write(`CONNECT inner.example:${port} HTTP/1.1\r\n\r\n`));
  const heard: string[] = [];
  socket.on('error', () => undefined).on('data', (chunk) => heard.push(chunk.toString()));
  while (asked.length < 2) await new Promise((done) => setImmediate(done));
  socket.destroy();
  await gateway?.close();
  expect(heard.join('')).not.toContain('200');
});

it('keeps no more of the hosts that were refused than anybody reads', async () => {
  const at = await open({ hosts: ['inner.example'] });
  for (let n = 0; n < 60; n += 1) await tunnelTo(at, `host-${n}.example:443`);
  expect((await gateway?.close())?.length).toBe(50);
});

it('rejects where a socket cannot be made, and leaves nothing behind', async () => {
  const at = await open({ ports: [80] });
  const folders = dirname(at);
  await gateway?.close();
  expect(existsSync(folders)).toBe(false);
  await expect(openGateway({ hosts: [], ports: [80, 80], upstream: null })).rejects.toThrow('EADDRINUSE');
});
