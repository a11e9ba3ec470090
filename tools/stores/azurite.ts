import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { librariesFolder, loadLibrary } from './load';

export interface Azurite {
  port: number;
  account: string;
  key: string;
  container: string;
  /** As a person would have it in the environment; `port`: of a proxy in front. */
  connectionString(port?: number): string;
  close(): Promise<void>;
}

/** Microsoft's own emulator of Azure Blob Storage, in memory, on a free port of loopback, with one container. */
export async function startAzurite(): Promise<Azurite> {
  const account = 'wavetests';
  const key = randomBytes(64).toString('base64');
  const container = 'waves';
  const program = join(librariesFolder, 'node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js');
  const child = spawn(
    process.execPath,
    [
      program,
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      '0',
      '--inMemoryPersistence',
      '--disableTelemetry',
      '--skipApiVersionCheck',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` } },
  );
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}: ${text}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /successfully listen\w* on http:\/\/127\.0\.0\.1:(\d+)|http:\/\/127\.0\.0\.1:(\d+)/.exec(
        text,
      );
      if (found && /success/.test(text)) resolve(Number(found[1] ?? found[2]));
    });
  });
  const connectionString = (at = port) =>
    `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=http://127.0.0.1:${at}/${account};`;
  const { ContainerClient } = (await loadLibrary('@azure/storage-blob')) as {
    ContainerClient: new (connection: string, name: string) => { create(): Promise<unknown> };
  };
  await new ContainerClient(connectionString(), container).create();
  return {
    port,
    account,
    key,
    container,
    connectionString,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
