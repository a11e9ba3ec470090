import { ok, type Result } from '@nx-wave/schemas/plain';
import type { Backend } from '../../core/shared-store/backend';
import type { StoreAddress } from './store-url';
import { loadClient } from './load-client';
import { readBody } from './read-body';
import type { BackendContext } from './backend-context';
import { serviceBackend, type ObjectService } from './service-backend';
import { plainCode, type ServiceError } from './service-trouble';

/** What is used of `@aws-sdk/client-s3`; it is an optional peer and loaded only where such a store is configured. */
interface S3Library {
  S3Client: new (options: Record<string, unknown>) => S3Client;
  GetObjectCommand: Command;
  PutObjectCommand: Command;
  ListObjectsV2Command: Command;
}
type Command = new (input: Record<string, unknown>) => object;
interface S3Client {
  send(command: object, options: { abortSignal: AbortSignal }): Promise<S3Answer>;
}
interface S3Answer {
  ETag?: string;
  ContentLength?: number;
  Body?: AsyncIterable<Uint8Array>;
  Contents?: { Key?: string }[];
  NextContinuationToken?: string;
}

const library = '@aws-sdk/client-s3';

/**
 * A bucket of Amazon S3 or of a service with its interface. Experimental: it has met no server but the double of this project.
 * Codes: store-client-missing.
 *
 * Its answers, by "PutObject", "GetObject" and "Conditional writes" of the S3 reference: 412 PreconditionFailed to a second create
 * or another tag is `changed`; 404 NoSuchKey is `absent`, to a replacement too; 409 ConditionalRequestConflict says that nothing
 * landed because another write was under way, and is `unknown`; 404 NoSuchBucket and 501 NotImplemented are trouble.
 */
export async function openS3Backend(
  address: StoreAddress & { scheme: 's3' },
  context: BackendContext,
): Promise<Result<Backend>> {
  const loaded = await loadClient<S3Library>(context, { store: address.name, library });
  if (!loaded.ok) return loaded;
  const { env } = context;
  const { bucket, endpoint } = address;
  const region =
    address.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (endpoint === null ? null : 'us-east-1');
  const client = new loaded.value.S3Client({
    ...(region === null ? {} : { region }),
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...keysOf(env),
    maxAttempts: 1,
    // Other services know no checksums of the later kind; what is read is verified by its own digest.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const room = { client, commands: loaded.value, bucket, prefix: address.prefix };
  return ok(serviceBackend(address.name, serviceOf(room)));
}

/** A key pair of the environment; the library looks for every other kind of login by itself. */
function keysOf(env: BackendContext['env']): Record<string, unknown> {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (!accessKeyId || !secretAccessKey) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } };
}

interface Room {
  client: S3Client;
  commands: Pick<S3Library, 'GetObjectCommand' | 'PutObjectCommand' | 'ListObjectsV2Command'>;
  bucket: string;
  prefix: string;
}

function serviceOf({ client, commands, bucket, prefix }: Room): ObjectService {
  const placeOf = (key: string) => ({ Bucket: bucket, Key: prefix + key });
  return {
    async get(key, { signal, maxBytes }) {
      const answer = await client.send(new commands.GetObjectCommand(placeOf(key)), { abortSignal: signal });
      return readBody(answer.Body, { tag: answer.ETag, length: answer.ContentLength, limit: maxBytes });
    },
    async put(key, body, { signal, condition }) {
      const input = {
        ...placeOf(key),
        Body: body,
        ContentLength: body.length,
        ContentType: 'application/octet-stream',
        // Proxies and gateways between keep nothing.
        CacheControl: 'no-store',
        ...('ifMatch' in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: condition.ifNoneMatch }),
      };
      return (await client.send(new commands.PutObjectCommand(input), { abortSignal: signal })).ETag;
    },
    async list(wanted, abortSignal) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const input = {
          Bucket: bucket,
          Prefix: prefix + wanted,
          ...(token ? { ContinuationToken: token } : {}),
        };
        const page = await client.send(new commands.ListObjectsV2Command(input), { abortSignal });
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(prefix.length)));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
    readError,
    isAbsent: ({ status, code }) => status === 404 && code === 'NoSuchKey',
    isChanged: ({ status }) => status === 412,
    isBusy: ({ status }) => status === 409,
  };
}

function readError(error: unknown): ServiceError {
  const { name, code, $metadata } = error as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined && code === undefined && $metadata === undefined && !isOfConnection(name))
    throw error;
  if (name === 'CredentialsProviderError') return { status: 401, code: 'CredentialsProviderError' };
  return { status: typeof status === 'number' ? status : null, code: plainCode(code) ?? plainCode(name) };
}

/** Names of errors of the library that come without an answer. */
const isOfConnection = (name: unknown) =>
  ['AbortError', 'TimeoutError', 'CredentialsProviderError', 'NetworkingError'].includes(String(name));
