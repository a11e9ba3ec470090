import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Servers of the suite that attacks call. Every call carries the mark of its attack. */
export interface Decoys extends AsyncDisposable {
  port: number;
  dnsPort: number;
  /** The machine's own address that is not loopback; null where it has none. */
  address: string | null;
  /** Listens on a socket too, until it is disposed. */
  listen(path: string): Promise<AsyncDisposable>;
  wasCalled(mark: string): boolean;
}

export async function openDecoys(): Promise<Decoys> {
  const heard: string[] = [];
  const serve = async (at: { port: number; host: string } | { path: string }): Promise<Server> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).on('data', (chunk) => heard.push(chunk.toString('latin1')));
      socket.end();
    });
    server.listen(at);
    await once(server, 'listening');
    return server;
  };
  const close = (server: Server) => new Promise<void>((done) => server.close(() => done()));
  const tcp = await serve({ port: 0, host: '0.0.0.0' });
  const dns = createSocket('udp4', (message) => void heard.push(message.toString('latin1')));
  dns.bind(0, '127.0.0.1');
  await once(dns, 'listening');
  const outer = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  return {
    port: (tcp.address() as AddressInfo).port,
    dnsPort: dns.address().port,
    address: outer?.address ?? null,
    listen: async (path) => {
      const server = await serve({ path });
      return { [Symbol.asyncDispose]: () => close(server) };
    },
    wasCalled: (mark) => heard.join('\n').includes(mark),
    [Symbol.asyncDispose]: async () => {
      dns.close();
      await close(tcp);
    },
  };
}

/** A process of the suite that attacks look at and end. It ends by itself after two minutes. */
export async function startVictim(mark: string, token: string) {
  const script = "console.log('up'); setTimeout(() => {}, 300_000)";
  const child = spawn(process.execPath, ['-e', script, mark], {
    env: { PATH: process.env['PATH'], VICTIM_TOKEN: token },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Processes of this machine with a mark in their command line. */
export function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Ends what an attack has left. */
export function endProcessesWith(mark: string): void {
  for (const pid of processesWith(mark)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
