/** About packages/wave-plugin/src/edges/shared-store/azblob-backend.ts, with Azurite. */
import { openBackend } from '../../packages/wave-plugin/src/edges/shared-store/backends';
import { parseStoreUrl } from '../../packages/wave-plugin/src/edges/shared-store/store-url';
import { describeBackend, type BackendRig } from '../../packages/wave-plugin/src/testing/backend-conformance';
import { startAzurite, type Azurite } from './azurite';
import { startFaultyProxy, type ServiceErrors } from './faulty-proxy';
import { loadLibrary } from './load';

/** "Blob service error codes" and "Status and error codes" of the REST reference. */
const errors: ServiceErrors = {
  throttled: { status: 503, headers: { 'x-ms-error-code': 'ServerBusy', 'retry-after': '1' }, body: '' },
  expired: { status: 403, headers: { 'x-ms-error-code': 'AuthenticationFailed' }, body: '' },
};

async function open(azurite: Azurite, env: Record<string, string>, prefix = 'team') {
  const address = parseStoreUrl(`azblob://${azurite.account}/${azurite.container}/${prefix}`);
  if (!address.ok || address.value.scheme !== 'azblob') throw new Error(JSON.stringify(address));
  return openBackend(address.value, { env, load: loadLibrary });
}

async function startRig(): Promise<BackendRig> {
  const azurite = await startAzurite();
  const proxy = await startFaultyProxy(azurite.port, errors);
  return {
    open: async () => {
      const connection = azurite.connectionString(proxy.port);
      const opened = await open(azurite, { AZURE_STORAGE_CONNECTION_STRING: connection });
      if (!opened.ok) throw new Error(opened.error.message);
      return opened.value;
    },
    breakNext: proxy.breakNext,
    calls: proxy.calls,
    secrets: [azurite.key, 'sig='],
    close: async () => {
      await proxy.close();
      await azurite.close();
    },
  };
}

interface SigningLibrary {
  ContainerClient: new (
    connection: string,
    container: string,
  ) => { generateSasUrl(options: Record<string, unknown>): Promise<string> };
}

describeBackend('a container of Azure Blob Storage as shared store', startRig);

describe('a container of Azure Blob Storage as shared store', () => {
  let azurite: Azurite;
  beforeAll(async () => void (azurite = await startAzurite()));
  afterAll(() => azurite.close());

  it('takes a signature from a connection string, and says nothing of it when it has expired', async () => {
    const { ContainerClient } = (await loadLibrary('@azure/storage-blob')) as SigningLibrary;
    const owner = new ContainerClient(azurite.connectionString(), azurite.container);
    const hour = 3_600_000;
    const signed = async (from: number) => {
      const permissions = { toString: () => 'rwlc' };
      const startsOn = new Date(Date.now() + from);
      const expiresOn = new Date(startsOn.getTime() + hour);
      return new URL(await owner.generateSasUrl({ permissions, startsOn, expiresOn })).search.slice(1);
    };
    const endpoint = `BlobEndpoint=http://127.0.0.1:${azurite.port}/${azurite.account}`;
    const fresh = await signed(-1000);
    const good = await open(azurite, {
      AZURE_STORAGE_CONNECTION_STRING: `${endpoint};SharedAccessSignature=${fresh}`,
    });
    expect(good.ok && (await good.value.putIfAbsent('claims/signed', new Uint8Array([1])))).toMatchObject({
      answer: 'done',
    });
    const old = await signed(-3 * hour);
    const bad = await open(azurite, {
      AZURE_STORAGE_CONNECTION_STRING: `${endpoint};SharedAccessSignature=${old}`,
    });
    const answer = bad.ok && (await bad.value.get('claims/signed'));
    expect(answer).toMatchObject({ answer: 'unknown', trouble: { kind: 'credentials' } });
    expect(JSON.stringify(answer)).not.toContain('sig');
  });

  it('is trouble, and not empty, where the container is missing', async () => {
    const address = parseStoreUrl(`azblob://${azurite.account}/nowhere/x`);
    if (!address.ok) throw new Error(address.error.message);
    const env = { AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString() };
    const opened = await openBackend(address.value, { env, load: loadLibrary });
    expect(opened.ok && (await opened.value.get('claims/a'))).toMatchObject({ trouble: { kind: 'server' } });
    expect(opened.ok && (await opened.value.putIfAbsent('claims/a', new Uint8Array([1])))).toMatchObject({
      trouble: { kind: 'server', detail: 'the service says 404 ContainerNotFound' },
    });
  });
});
