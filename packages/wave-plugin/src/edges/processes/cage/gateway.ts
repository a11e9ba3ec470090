import { mkdtempSync, rmSync } from 'node:fs';
import { request, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { allowsHost } from '../../../core/cage/cage-policy';
import { proxyPort, socketFolder, type Bridge } from './bridge';

/** The outer end of a cage's network. */
export interface Gateway {
  bridges: Bridge[];
  sockets: { from: string; to: string }[];
  /** Variables that lead programs to the proxy. */
  env: Record<string, string>;
  /** Ends every connection; answers the hosts that were asked for and not allowed. */
  close(): Promise<string[]>;
}

export interface GatewayRequest {
  hosts: readonly string[];
  /** Ports of the machine's loopback. */
  ports: readonly number[];
  /** The person's own proxy, through which allowed hosts are reached; null where there is none. */
  upstream: URL | null;
}

/**
 * Opens sockets that a cage can reach: one for each port of loopback, and a proxy for the hosts that are allowed. They stand in
 * a folder that only this user can enter, under a short path: a socket's path has room for about a hundred bytes.
 */
export async function openGateway({ hosts, ports, upstream }: GatewayRequest): Promise<Gateway> {
  const folder = mkdtempSync('/tmp/nx-wave-gate-');
  const denied = new Set<string>();
  const open = new Set<Socket>();
  const servers: Server[] = [];
  const bridges: Bridge[] = [];
  const sockets: Gateway['sockets'] = [];
  const offer = async (port: number, server: Server): Promise<void> => {
    const name = `${port}.sock`;
    server.on('connection', (socket: Socket) => {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(join(folder, name), resolve));
    servers.push(server);
    bridges.push({ port, socket: `${socketFolder}/${name}` });
    sockets.push({ from: join(folder, name), to: `${socketFolder}/${name}` });
  };
  for (const port of ports)
    await offer(
      port,
      createSocketServer((socket) => joinSockets(socket, connect(port, '127.0.0.1'))),
    );
  if (hosts.length > 0) await offer(proxyPort, createProxy({ hosts, upstream, denied, open }));
  const url = `http://127.0.0.1:${proxyPort}`;
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];
  const direct = 'localhost,127.0.0.1,::1';
  return {
    bridges,
    sockets,
    env:
      hosts.length === 0
        ? {}
        : { ...Object.fromEntries(names.map((name) => [name, url])), no_proxy: direct, NO_PROXY: direct },
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(folder, { recursive: true, force: true });
      return [...denied].sort();
    },
  };
}

interface Proxy {
  hosts: readonly string[];
  upstream: URL | null;
  denied: Set<string>;
  open: Set<Socket>;
}

/** `CONNECT` for what is encrypted, plain requests for the rest. */
function createProxy(proxy: Proxy): Server {
  const server = createServer((asked, answer) => forward(proxy, asked, answer));
  server.on('connect', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    const [, host = '', port = '443'] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(asked.url ?? '') ?? [];
    if (!isAllowed(proxy, host, Number(port))) {
      socket.end('HTTP/1.1 403 Forbidden\r\nx-nx-wave: not allowed in this cage\r\n\r\n');
      return;
    }
    void reach(proxy, host, Number(port)).then((reached) => {
      if (reached === null) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) reached.write(head);
      joinSockets(socket, reached);
    });
  });
  return server;
}

function isAllowed({ hosts, denied }: Proxy, host: string, port: number): boolean {
  const allowed = allowsHost(hosts, host, port);
  if (!allowed) denied.add(`${host}:${port}`);
  return allowed;
}

/** A connection to a host, by the person's own proxy where there is one; null where it could not be had. */
function reach({ upstream, open }: Proxy, host: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const fail = () => resolve(null);
    if (upstream === null) {
      const socket: Socket = connect(port, host, () => resolve(socket));
      open.add(socket.on('error', fail).on('close', () => open.delete(socket)));
      return;
    }
    const login = decodeURIComponent(`${upstream.username}:${upstream.password}`);
    const headers =
      upstream.username === ''
        ? {}
        : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
    const asked = request({
      method: 'CONNECT',
      host: upstream.hostname,
      port: upstream.port || 80,
      path: `${host}:${port}`,
      headers: { host: `${host}:${port}`, ...headers },
    });
    asked.on('error', fail);
    asked.on('connect', (answer, socket) => {
      open.add(socket.on('error', fail).on('close', () => open.delete(socket)));
      resolve(answer.statusCode === 200 ? socket : null);
    });
    asked.end();
  });
}

function forward(proxy: Proxy, asked: IncomingMessage, answer: ServerResponse): void {
  const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : null;
  const port = Number(url?.port || 80);
  if (url === null || !isAllowed(proxy, url.hostname, port)) {
    answer.writeHead(403, { 'x-nx-wave': 'not allowed in this cage' }).end();
    return;
  }
  const { upstream } = proxy;
  const sent = request(
    {
      method: asked.method,
      headers: asked.headers,
      host: upstream?.hostname ?? url.hostname,
      port: upstream === null ? port : upstream.port || 80,
      path: upstream === null ? `${url.pathname}${url.search}` : url.href,
    },
    (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    },
  );
  sent.on('error', () => answer.writeHead(502).end());
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
