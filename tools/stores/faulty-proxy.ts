import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Fault } from '../../packages/wave-plugin/src/testing/backend-conformance';

/** What a service answers where it throttles, and where it does not know the login any more. */
export interface ServiceErrors {
  throttled: { status: number; headers: Record<string, string>; body: string };
  expired: { status: number; headers: Record<string, string>; body: string };
}

export interface FaultyProxy {
  port: number;
  breakNext(fault: Fault): void;
  calls(): number;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Stands in front of a server on loopback and does to the next request what networks, caches and services do. */
export async function startFaultyProxy(port: number, errors: ServiceErrors): Promise<FaultyProxy> {
  let next: Fault | null = null;
  let calls = 0;
  const seen = new Map<string, Answer>();
  const server = createServer((request, response) => {
    calls += 1;
    const fault = next;
    next = null;
    relay(request, response, fault).catch(() => response.destroy());
  });
  const relay = async (request: IncomingMessage, response: ServerResponse, fault: Fault | null) => {
    const body = await bodyOf(request);
    const place = `${request.method} ${request.url?.split('?')[0]}`;
    if (fault === 'silent') return;
    if (fault === 'throttled' || fault === 'expired') {
      const { status, headers, body: text } = errors[fault];
      response.writeHead(status, headers).end(text);
      return;
    }
    if (fault === 'cut-short' && request.method !== 'GET') {
      await sendHalf(port, request, body);
      response.destroy();
      return;
    }
    const known = seen.get(place);
    const answer = fault === 'stale' && known ? known : await forward(port, request, body);
    const repeated = fault === 'doubled' ? await forward(port, request, body) : answer;
    if (request.method === 'GET') seen.set(place, repeated);
    if (fault === 'lost') {
      response.destroy();
      return;
    }
    response.writeHead(repeated.status, repeated.headers);
    if (fault === 'cut-short') {
      response.write(repeated.body.subarray(0, repeated.body.length / 2), () => response.destroy());
      return;
    }
    response.end(repeated.body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    breakNext: (fault) => void (next = fault),
    calls: () => calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const optionsOf = (port: number, { method, url, headers }: IncomingMessage) => ({
  host: '127.0.0.1',
  port,
  method,
  path: url,
  headers,
  agent: false as const,
});

function forward(port: number, request: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = send(optionsOf(port, request), (answer) => {
      bodyOf(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: text }),
        reject,
      );
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

/** Half of a body of the announced length, then the end of the connection. */
function sendHalf(port: number, request: IncomingMessage, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const onward = send(optionsOf(port, request));
    onward.on('error', () => resolve());
    onward.on('close', () => resolve());
    onward.write(body.subarray(0, body.length / 2), () => onward.destroy());
  });
}
