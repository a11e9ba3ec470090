import type { lookup } from 'node:dns';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  connect,
  createServer as createSocketServer,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import { join } from 'node:path';
import { hostAllowance } from '../../../core/cage/cage-policy';
import { proxyPort, socketFolder, type Bridge } from './bridge';
import { isInternalAddress } from './internal-address';

/** Most tasks open no gateway, and loading what speaks HTTP takes milliseconds. */
const http = () => process.getBuiltinModule('node:http');

/** The outer end of a cage's network. */
export interface Gateway {
  bridges: Bridge[];
  sockets: { from: string; to: string }[];
  /** Variables that lead programs to the proxy. */
  env: Record<string, string>;
  /** Ends every connection; answers the hosts that were asked for and not allowed, the first of them where there were many. */
  close(): Promise<string[]>;
}

export interface GatewayRequest {
  hosts: readonly string[];
  /** Ports of the machine's loopback. */
  ports: readonly number[];
  /** The person's own proxy, through which allowed hosts are reached; null where there is none. */
  upstream: URL | null;
  /** How names become addresses; the system's way where absent. */
  resolve?: typeof lookup;
}

/** A program in a cage cannot use up the memory and the descriptors of the runner. */
const mostConnections = 256;
const mostDenied = 50;

/**
 * Opens sockets that a cage can reach: one for each port of loopback, and a proxy for the hosts that are allowed. They stand in
 * a folder that only this user can enter, under a short path: a socket's path has room for about a hundred bytes. Rejects where
 * they cannot be made.
 */
export async function openGateway({
  hosts,
  ports,
  upstream,
  resolve = process.getBuiltinModule('node:dns').lookup,
}: GatewayRequest): Promise<Gateway> {
  const folder = mkdtempSync('/tmp/nx-wave-gate-');
  const denied = new Set<string>();
  const open = new Set<Socket>();
  const servers: Server[] = [];
  const bridges: Bridge[] = [];
  const sockets: Gateway['sockets'] = [];
  const closeAll = async () => {
    for (const socket of open) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    rmSync(folder, { recursive: true, force: true });
  };
  const offer = async (port: number, server: Server): Promise<void> => {
    const name = `${port}.sock`;
    server.maxConnections = mostConnections;
    server.on('connection', (socket: Socket) => {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    });
    await listening(server, join(folder, name));
    servers.push(server);
    bridges.push({ port, socket: `${socketFolder}/${name}` });
    sockets.push({ from: join(folder, name), to: `${socketFolder}/${name}` });
  };
  try {
    for (const port of ports)
      await offer(
        port,
        createSocketServer((socket) => joinSockets(socket, connect(port, '127.0.0.1'))),
      );
    if (hosts.length > 0) await offer(proxyPort, createProxy({ hosts, upstream, denied, open, resolve }));
  } catch (error) {
    await closeAll();
    throw error;
  }
  return {
    bridges,
    sockets,
    env: hosts.length === 0 ? {} : proxyVariables(),
    close: async () => {
      await closeAll();
      return [...denied].sort();
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', reject).listen(path, resolve);
  });
}

function proxyVariables(): Record<string, string> {
  const url = `http://127.0.0.1:${proxyPort}`;
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];
  const direct = 'localhost,127.0.0.1,::1';
  return { ...Object.fromEntries(names.map((name) => [name, url])), no_proxy: direct, NO_PROXY: direct };
}

interface Proxy {
  hosts: readonly string[];
  upstream: URL | null;
  denied: Set<string>;
  open: Set<Socket>;
  resolve: typeof lookup;
}

const forbidden = 'x-nx-wave: not allowed in this cage';

/** `CONNECT` for what is encrypted, plain requests for the rest. Nothing that is asked for may end the runner. */
function createProxy(proxy: Proxy): Server {
  const server = http().createServer((asked, answer) => {
    void forward(proxy, asked, answer).catch(() => answer.destroy());
  });
  server.on('connect', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    void tunnel(proxy, { asked, socket, head }).catch(() => socket.destroy());
  });
  return server;
}

async function tunnel(
  proxy: Proxy,
  { asked, socket, head }: { asked: IncomingMessage; socket: Socket; head: Buffer },
): Promise<void> {
  const [, host = '', port = '443'] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(asked.url ?? '') ?? [];
  if (!(await isAllowed(proxy, host, Number(port))))
    return void socket.end(`HTTP/1.1 403 Forbidden\r\n${forbidden}\r\n\r\n`);
  const reached = await reach(proxy, host, Number(port));
  if (reached === null) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) reached.write(head);
  joinSockets(socket, reached);
}

/**
 * A host that only a pattern allows may not lead to this machine or its networks: whoever names hosts below that pattern would
 * choose what is called there. Its name in full allows it.
 */
async function isAllowed(proxy: Proxy, host: string, port: number): Promise<boolean> {
  const { hosts, denied } = proxy;
  const allowance = hostAllowance(hosts, host, port);
  const allowed = allowance === 'named' || (allowance === 'pattern' && (await isOutside(proxy, host)));
  if (!allowed && denied.size < mostDenied) denied.add(`${host}:${port}`);
  return allowed;
}

/** What cannot be resolved here is for the person's own proxy to reach, or for nobody. */
function isOutside({ resolve }: Proxy, host: string): Promise<boolean> {
  return new Promise((done) =>
    resolve(host, { all: true }, (error, found) =>
      done(error !== null || found.some(({ address }) => !isInternalAddress(address))),
    ),
  );
}

/** Looks names up, and leaves out addresses of this machine and its networks where only a pattern allows the host. */
function lookupFor({ hosts, resolve }: Proxy, host: string, port: number): LookupFunction {
  const isNamed = hostAllowance(hosts, host, port) === 'named';
  return (name, options, callback) =>
    resolve(name, { ...options, all: true }, (error, found) => {
      const kept =
        error === null ? found.filter(({ address }) => isNamed || !isInternalAddress(address)) : [];
      const [first] = kept;
      if (first === undefined)
        callback(error ?? Object.assign(new Error('an address of this machine'), { code: 'EACCES' }), []);
      else if (options.all === true) callback(null, kept);
      else callback(null, first.address, first.family);
    });
}

/** A connection to a host, by the person's own proxy where there is one; null where it could not be had. */
function reach(proxy: Proxy, host: string, port: number): Promise<Socket | null> {
  const { upstream, open } = proxy;
  return new Promise((resolve) => {
    const fail = () => resolve(null);
    if (upstream === null) {
      const socket: Socket = connect({ port, host, lookup: lookupFor(proxy, host, port) }, () =>
        resolve(socket),
      );
      open.add(socket.on('error', fail).on('close', () => open.delete(socket)));
      return;
    }
    const asked = http().request({
      method: 'CONNECT',
      host: upstream.hostname,
      port: upstream.port || 80,
      path: `${host}:${port}`,
      headers: { host: `${host}:${port}`, ...loginTo(upstream) },
    });
    asked.on('error', fail);
    asked.on('connect', (answer, socket) => {
      open.add(socket.on('error', fail).on('close', () => open.delete(socket)));
      resolve(answer.statusCode === 200 ? socket : null);
    });
    asked.end();
  });
}

function loginTo({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const login = decodeURIComponent(`${username}:${password}`);
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

async function forward(proxy: Proxy, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : null;
  const port = Number(url?.port || 80);
  if (url?.protocol !== 'http:' || !(await isAllowed(proxy, url.hostname, port))) {
    answer.writeHead(403, { 'x-nx-wave': 'not allowed in this cage' }).end();
    return;
  }
  const { upstream } = proxy;
  const sent = http().request(
    {
      method: asked.method,
      headers: { ...asked.headers, ...(upstream === null ? {} : loginTo(upstream)) },
      ...(upstream === null
        ? { host: url.hostname, port, path: `${url.pathname}${url.search}` }
        : { host: upstream.hostname, port: upstream.port || 80, path: url.href }),
      ...(upstream === null ? { lookup: lookupFor(proxy, url.hostname, port) } : {}),
    },
    (got) => {
      try {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      } catch {
        answer.destroy();
        got.destroy();
      }
    },
  );
  sent.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  asked.pipe(sent);
}

/** Two connections that end together. */
function joinSockets(a: Socket, b: Socket): void {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
    one.pipe(other);
  }
}
