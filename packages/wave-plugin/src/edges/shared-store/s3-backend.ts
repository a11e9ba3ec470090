import { ok, type Result } from '@nx-wave/schemas/plain';
import {
  isStoreKey,
  type Absent,
  type Backend,
  type Changed,
  type Done,
  type GetAnswer,
  type ListAnswer,
  type ReplaceAnswer,
  type Unknown,
} from '../../core/shared-store/backend';
import type { StoreAddress } from './store-url';
import { loadClient } from './load-client';
import { readBody } from './read-body';
import type { BackendContext } from './backend-context';
import { explainService, plainCode, type ServiceError } from './service-trouble';
import { callLimits, unknown, withinTime } from './within-time';

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
  return ok(backendOf(address.name, { client, commands: loaded.value, bucket, prefix: address.prefix }));
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

function backendOf(name: string, room: Room): Backend {
  return {
    name,
    get: (key, options) => {
      const limits = callLimits(key, 0, options);
      return withinTime(limits, (signal) => read(room, key, { ...limits, signal }), explain);
    },
    putIfAbsent: (key, body, options) =>
      withinTime(
        callLimits(key, body.length, options),
        (signal) =>
          upload(room, { ...written(room, key, body), IfNoneMatch: '*' }, { signal, refused: isChanged }),
        explain,
      ),
    replaceIfMatch: (key, body, options) =>
      withinTime(
        callLimits(key, body.length, options),
        (signal) =>
          upload<ReplaceAnswer>(
            room,
            { ...written(room, key, body), IfMatch: options.tag },
            { signal, refused: (error) => isChanged(error) ?? isAbsent(error) },
          ),
        explain,
      ),
    list: (prefix, options) =>
      withinTime(callLimits(prefix, 0, options), (signal) => list(room, prefix, signal), explain),
  };
}

function placeOf({ bucket, prefix }: Room, key: string) {
  if (!isStoreKey(key)) throw new Error(`No key of a shared store: ${JSON.stringify(key)}`);
  return { Bucket: bucket, Key: prefix + key };
}

function written(room: Room, key: string, body: Uint8Array): Record<string, unknown> {
  return {
    ...placeOf(room, key),
    Body: body,
    ContentLength: body.length,
    ContentType: 'application/octet-stream',
    // Proxies and gateways between keep nothing.
    CacheControl: 'no-store',
  };
}

const isChanged = ({ status }: ServiceError): Changed | null =>
  status === 412 ? { answer: 'changed' } : null;
const isAbsent = ({ status, code }: ServiceError): Absent | null =>
  status === 404 && code === 'NoSuchKey' ? { answer: 'absent' } : null;

async function read(
  room: Room,
  key: string,
  { signal, maxBytes }: { signal: AbortSignal; maxBytes: number },
): Promise<GetAnswer> {
  try {
    const command = new room.commands.GetObjectCommand(placeOf(room, key));
    const answer = await room.client.send(command, { abortSignal: signal });
    return await readBody(answer.Body, { tag: answer.ETag, length: answer.ContentLength, limit: maxBytes });
  } catch (error) {
    const absent = isAbsent(readError(error));
    if (absent !== null) return absent;
    throw error;
  }
}

async function upload<T extends ReplaceAnswer>(
  { client, commands }: Room,
  input: Record<string, unknown>,
  { signal, refused }: { signal: AbortSignal; refused: (error: ServiceError) => T | null },
): Promise<T | Done | Unknown> {
  try {
    const { ETag } = await client.send(new commands.PutObjectCommand(input), { abortSignal: signal });
    return ETag ? { answer: 'done', tag: ETag } : unknown('server', 'the answer has no ETag');
  } catch (error) {
    const known = readError(error);
    const answer = refused(known);
    if (answer !== null) return answer;
    if (known.status === 409) return unknown('throttled', `the service says 409 ${known.code ?? ''}`.trim());
    throw error;
  }
}

async function list(
  { client, commands, bucket, prefix }: Room,
  wanted: string,
  abortSignal: AbortSignal,
): Promise<ListAnswer> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const input = { Bucket: bucket, Prefix: prefix + wanted, ...(token ? { ContinuationToken: token } : {}) };
    const page = await client.send(new commands.ListObjectsV2Command(input), { abortSignal });
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(prefix.length)));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return { answer: 'done', keys: keys.filter(isStoreKey).sort() };
}

const explain = (error: unknown) => explainService(readError(error));

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
