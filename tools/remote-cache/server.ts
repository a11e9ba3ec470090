import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Most that one entry may have: what a test stores is far smaller. */
const entryLimitBytes = 64 * 2 ** 20;
/** Hashes of Nx are decimal numbers; others of the interface are words. */
const entryPath = /^\/v1\/cache\/([A-Za-z0-9._-]{1,128})$/;

/** What somebody asked of the server, in order. */
export interface CacheRequest {
  method: string;
  hash: string;
  status: number;
}

export interface RemoteCacheOptions {
  /** Token that may read and write. */
  token: string;
  /** Token that may only read: its writes are refused with 403, which Nx goes on after. */
  readToken?: string;
}

/**
 * What goes wrong with an answer. `cut`: half of the entry is sent, then nothing more. `die`: the server ends, and every connection
 * with it. `status`: an answer of this kind. `body`: these bytes in place of the entry.
 */
export type Trouble = 'cut' | 'die' | { status: number } | { body: Buffer };

/** Asked before each request is answered, once it has been read; null lets it be answered as it should be. */
export type Meddle = (asked: { method: string; hash: string }) => Promise<Trouble | null> | Trouble | null;

/** A remote cache of Nx's self-hosted interface in memory, for tests. Reachable on this machine only. */
export interface RemoteCache extends AsyncDisposable {
  url: string;
  requests: CacheRequest[];
  /** The stored entries by hash: what a test may look into, or replace by something hostile. */
  entries: Map<string, Buffer>;
  /** Lets the server misbehave; null where it does not. */
  meddle: Meddle | null;
  /** Variables for an Nx command that uses it. */
  env(access?: 'write' | 'read'): Record<string, string>;
  close(): Promise<void>;
}

/** Starts the server on a free loopback port: `GET` and `PUT /v1/cache/{hash}` with a bearer token. */
export async function startRemoteCache(options: RemoteCacheOptions): Promise<RemoteCache> {
  const entries = new Map<string, Buffer>();
  const requests: CacheRequest[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const cache: RemoteCache = {
    url,
    requests,
    entries,
    meddle: null,
    env: (access = 'write') => ({
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: url,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN:
        access === 'write' ? options.token : (options.readToken ?? options.token),
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
  return cache;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const { status, body, hash } = await answer(options, entries, request);
    const trouble = (await cache.meddle?.({ method, hash })) ?? null;
    requests.push({ method, hash, status });
    if (trouble === null) reply(response, status, body);
    else if (trouble === 'die') await close();
    else if (trouble === 'cut') cutOff(response, body);
    else if ('status' in trouble) reply(response, trouble.status, 'Something went wrong.');
    else reply(response, status, trouble.body);
  }
}

interface Answer {
  status: number;
  hash: string;
  /** Text is told to the person by Nx; it must be text/plain then. */
  body: Buffer | string;
}

async function answer(
  options: RemoteCacheOptions,
  entries: Map<string, Buffer>,
  request: IncomingMessage,
): Promise<Answer> {
  const hash = entryPath.exec((request.url ?? '').split('?')[0] ?? '')?.[1] ?? '';
  const say = (status: number, body: Buffer | string): Answer => ({ status, hash, body });
  const access = accessOf(options, request.headers.authorization ?? '');
  if (access === null) return say(401, 'The access token is missing or wrong.');
  if (hash === '') return say(404, 'There is nothing at this address.');
  if (request.method === 'GET')
    return say(entries.has(hash) ? 200 : 404, entries.get(hash) ?? 'No such entry.');
  if (request.method !== 'PUT') return say(405, 'Only GET and PUT are served.');
  if (access === 'read') return say(403, 'This token may only read.');
  // An entry is never replaced: what a hash stands for does not change.
  if (entries.has(hash)) return say(409, 'The entry is there already.');
  const body = await readLimited(request);
  if (body === null) return say(413, 'The entry is too large.');
  const announced = request.headers['content-length'];
  if (announced === undefined || Number(announced) !== body.length) {
    return say(411, 'Content-Length must say how long the entry is.');
  }
  entries.set(hash, body);
  return say(200, 'Stored.');
}

function accessOf({ token, readToken }: RemoteCacheOptions, header: string): 'write' | 'read' | null {
  if (sameText(header, `Bearer ${token}`)) return 'write';
  return readToken !== undefined && sameText(header, `Bearer ${readToken}`) ? 'read' : null;
}

/** Compares in constant time, whatever the lengths. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

async function readLimited(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= entryLimitBytes) chunks.push(chunk);
  }
  return size > entryLimitBytes ? null : Buffer.concat(chunks);
}

function reply(response: ServerResponse, status: number, body: Buffer | string): void {
  const type = typeof body === 'string' ? 'text/plain' : 'application/octet-stream';
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Announces the whole, sends half, and hangs up. */
function cutOff(response: ServerResponse, body: Buffer | string): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': Buffer.byteLength(body),
  });
  response.write(body.slice(0, body.length >> 1), () => response.destroy());
}
