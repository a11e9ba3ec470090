import { openAzblobBackend } from './azblob-backend';

const address = {
  scheme: 'azblob',
  name: 'azblob://wavetests/waves',
  account: 'wavetests',
  container: 'waves',
  prefix: '',
} as const;

/** The client library, as its constructor reads a connection string and its calls ask for a login. */
const libraryWith = (loginError: Error) => ({
  DefaultAzureCredential: Object,
  ContainerClient: class {
    constructor(connection: string) {
      if (connection.startsWith('AccountName=')) throw new Error(`Invalid AccountKey in ${connection}`);
    }
    getBlockBlobClient() {
      const call = () => Promise.reject(loginError);
      return { download: call, upload: call };
    }
  },
});
const open = (env: Record<string, string>, loginError = new Error()) =>
  openAzblobBackend(address, { env, load: async () => libraryWith(loginError) });

describe('a login for Azure Blob Storage', () => {
  it('is refused where the connection string is not whole, and nothing of it is repeated', async () => {
    const opened = await open({ AZURE_STORAGE_CONNECTION_STRING: 'AccountName=wavetests;AccountKey' });
    expect(opened).toMatchObject({ ok: false, error: { code: 'store-credentials' } });
    expect(JSON.stringify(opened)).not.toContain('AccountKey');
  });

  it.each(['AggregateAuthenticationError', 'CredentialUnavailableError', 'AuthenticationRequiredError'])(
    'is missing, and nothing is thrown, where @azure/identity finds none (%s)',
    async (name) => {
      const error = Object.assign(new Error('tried a token and found none'), { name });
      const opened = await open({ AZURE_STORAGE_ACCOUNT: 'wavetests' }, error);
      if (!opened.ok) throw new Error(opened.error.message);
      const unknown = {
        answer: 'unknown',
        trouble: { kind: 'credentials', detail: `the service says 401 ${name}` },
      };
      expect(await opened.value.get('claims/a')).toEqual(unknown);
      expect(await opened.value.putIfAbsent('claims/a', new Uint8Array([1]))).toEqual(unknown);
    },
  );
});
