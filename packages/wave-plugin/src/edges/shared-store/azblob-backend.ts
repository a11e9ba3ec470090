import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import type { Backend } from '../../core/shared-store/backend';
import type { StoreAddress } from './store-url';
import type { BackendContext } from './backend-context';
import { loadClient } from './load-client';
import { readBody } from './read-body';
import { serviceBackend, type ObjectService, type WriteCondition } from './service-backend';
import { plainCode, type ServiceError } from './service-trouble';

/** What is used of `@azure/storage-blob`; it is an optional peer and loaded only where such a store is configured. */
interface BlobLibrary {
  ContainerClient: new (
    urlOrConnectionString: string,
    credentialOrContainer?: unknown,
    options?: { retryOptions: { maxTries: number } },
  ) => ContainerClient;
  StorageSharedKeyCredential: new (account: string, key: string) => unknown;
}
interface ContainerClient {
  getBlockBlobClient(name: string): BlobClient;
  listBlobsFlat(options: { prefix: string; abortSignal: AbortSignal }): AsyncIterable<{ name: string }>;
}
interface BlobClient {
  download(
    offset: number,
    count: undefined,
    options: { abortSignal: AbortSignal; maxRetryRequests: number },
  ): Promise<{ etag?: string; contentLength?: number; readableStreamBody?: AsyncIterable<Uint8Array> }>;
  upload(
    body: Uint8Array,
    length: number,
    options: {
      abortSignal: AbortSignal;
      conditions: WriteCondition;
      blobHTTPHeaders: { blobCacheControl: string; blobContentType: string };
    },
  ): Promise<{ etag?: string }>;
}

const library = '@azure/storage-blob';
const identityLibrary = '@azure/identity';
/** The client retries four times by itself (StorageRetryOptions); one try is one request. */
const noRetries = { retryOptions: { maxTries: 1 } };
/** Proxies and gateways between keep nothing. */
const headers = { blobCacheControl: 'no-store', blobContentType: 'application/octet-stream' };

/**
 * A container of Azure Blob Storage. Codes: store-client-missing, store-credentials.
 *
 * Its answers, by "Put Blob", "Get Blob", "Specifying conditional headers" and "Blob service error codes" of its REST reference,
 * tried against Azurite: 409 BlobAlreadyExists to a second create and 412 ConditionNotMet to another tag are `changed`, to a
 * missing blob too; 404 BlobNotFound is `absent`, 404 ContainerNotFound is not.
 */
export async function openAzblobBackend(
  address: StoreAddress & { scheme: 'azblob' },
  context: BackendContext,
): Promise<Result<Backend>> {
  const loaded = await loadClient<BlobLibrary>(context, { store: address.name, library });
  if (!loaded.ok) return loaded;
  const container = await openContainer(loaded.value, address, context);
  if (!container.ok) return container;
  return ok(serviceBackend(address.name, serviceOf(address, container.value)));
}

function serviceOf({ prefix }: StoreAddress & { scheme: 'azblob' }, client: ContainerClient): ObjectService {
  const blobOf = (key: string) => client.getBlockBlobClient(prefix + key);
  return {
    async get(key, { signal, maxBytes }) {
      const options = { abortSignal: signal, maxRetryRequests: 0 };
      const answer = await blobOf(key).download(0, undefined, options);
      return readBody(answer.readableStreamBody, {
        tag: answer.etag,
        length: answer.contentLength,
        limit: maxBytes,
      });
    },
    async put(key, body, { signal, condition }) {
      const options = { abortSignal: signal, conditions: condition, blobHTTPHeaders: headers };
      return (await blobOf(key).upload(body, body.length, options)).etag;
    },
    async list(wanted, abortSignal) {
      const keys: string[] = [];
      for await (const one of client.listBlobsFlat({ prefix: prefix + wanted, abortSignal }))
        keys.push(one.name.slice(prefix.length));
      return keys;
    },
    readError,
    isAbsent: ({ status, code }) => status === 404 && code === 'BlobNotFound',
    isChanged: ({ status, code }) => status === 412 || (status === 409 && code === 'BlobAlreadyExists'),
  };
}

function readError(error: unknown): ServiceError {
  const { name, statusCode, code, details } = error as {
    name?: unknown;
    statusCode?: unknown;
    code?: unknown;
    details?: { errorCode?: unknown };
  };
  if (statusCode === undefined && isOfLogin(name)) return { status: 401, code: plainCode(name) };
  // What has neither came from no service and no connection.
  if (statusCode === undefined && code === undefined && name !== 'AbortError') throw error;
  return {
    status: typeof statusCode === 'number' ? statusCode : null,
    code: plainCode(details?.errorCode) ?? plainCode(code),
  };
}

/** Errors of `@azure/identity` where it finds no login: nothing was asked of the service. */
const isOfLogin = (name: unknown) =>
  ['AggregateAuthenticationError', 'AuthenticationRequiredError', 'CredentialUnavailableError'].includes(
    String(name),
  );

/**
 * Logins as Azure's own tools take them from the environment: AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with
 * AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_KEY or, where `@azure/identity` is installed, its DefaultAzureCredential. The address
 * stands in a file of the repository, and whoever may change that file must not send a login anywhere: the environment has to
 * name the same account.
 */
async function openContainer(
  { ContainerClient, StorageSharedKeyCredential }: BlobLibrary,
  address: StoreAddress & { scheme: 'azblob' },
  { env, load }: BackendContext,
): Promise<Result<ContainerClient>> {
  const { account, container, name } = address;
  const connection = env.AZURE_STORAGE_CONNECTION_STRING;
  const named = connection ? accountOf(connection) : (env.AZURE_STORAGE_ACCOUNT ?? null);
  if (named !== account)
    return noLogin(name, named === null ? 'names no account' : 'names another account', account);
  if (connection) {
    try {
      return ok(new ContainerClient(connection, container, noRetries));
    } catch {
      // Its message is not repeated: it is about a text with a secret.
      return noLogin(name, 'has a connection string that is not whole', account);
    }
  }
  const endpoint = `https://${account}.blob.core.windows.net/${container}`;
  const signature = env.AZURE_STORAGE_SAS_TOKEN;
  if (signature)
    return ok(new ContainerClient(`${endpoint}?${signature.replace(/^\?/, '')}`, undefined, noRetries));
  const key = env.AZURE_STORAGE_KEY;
  if (key) return ok(new ContainerClient(endpoint, new StorageSharedKeyCredential(account, key), noRetries));
  try {
    const { DefaultAzureCredential } = (await load(identityLibrary)) as {
      DefaultAzureCredential: new () => unknown;
    };
    return ok(new ContainerClient(endpoint, new DefaultAzureCredential(), noRetries));
  } catch {
    return noLogin(name, `has no login, and ${identityLibrary} is not installed`, account);
  }
}

/** The account that a connection string is for; null where it names none. */
export function accountOf(connection: string): string | null {
  const settings = new Map(
    connection.split(';').flatMap((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()] as const];
    }),
  );
  const named = settings.get('accountname');
  if (named !== undefined) return named;
  const endpoint = settings.get('blobendpoint') ?? '';
  if (!URL.canParse(endpoint)) return null;
  const { hostname, pathname } = new URL(endpoint);
  return pathname === '/' ? (hostname.split('.')[0] ?? null) : (pathname.split('/')[1] ?? null);
}

function noLogin(name: string, what: string, account: string): Result<never> {
  return err(
    failure('store-credentials', `The shared store ${name} cannot be used: the environment ${what}.`, {
      next:
        `Set AZURE_STORAGE_CONNECTION_STRING for the account ${account}, or AZURE_STORAGE_ACCOUNT=${account} with ` +
        `AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_KEY or a login for ${identityLibrary}.`,
    }),
  );
}
