import type {
  Absent,
  Backend,
  Changed,
  Done,
  GetAnswer,
  PutAnswer,
  ReplaceAnswer,
  Unknown,
} from '../../core/shared-store/backend';
import { isStoreKey } from '../../core/shared-store/backend';
import { explainService, type ServiceError } from './service-trouble';
import { callLimits, unknown, withinTime } from './within-time';

/** What has to stand there for a write to land. */
export type WriteCondition = { ifNoneMatch: '*' } | { ifMatch: string };

/** A service over HTTP as its client library offers it. Each call is one request, and throws what the library throws. */
export interface ObjectService {
  get(key: string, limits: { signal: AbortSignal; maxBytes: number }): Promise<GetAnswer>;
  /** The tag of what was written; undefined where the answer has none. */
  put(
    key: string,
    body: Uint8Array,
    request: { signal: AbortSignal; condition: WriteCondition },
  ): Promise<string | undefined>;
  /** Keys below the prefix of the store, in any order. */
  list(prefix: string, signal: AbortSignal): Promise<string[]>;
  /** What is read of what the library throws. */
  readError(error: unknown): ServiceError;
  /** A documented answer that a key is not there. */
  isAbsent(error: ServiceError): boolean;
  /** A documented answer that a condition did not hold. */
  isChanged(error: ServiceError): boolean;
  /** A documented answer that nothing landed, since another write was under way. */
  isBusy?(error: ServiceError): boolean;
}

/** The backend of a service: each call within its time, each answer one of the four. */
export function serviceBackend(name: string, service: ObjectService): Backend {
  const explain = (error: unknown) => explainService(service.readError(error));
  return {
    name,
    get(key, options) {
      const limits = callLimits(checked(key), 0, options);
      return withinTime(limits, (signal) => read(service, key, { ...limits, signal }), explain);
    },
    putIfAbsent: (key, body, options): Promise<PutAnswer> =>
      withinTime(
        callLimits(checked(key), body.length, options),
        // Nothing has to be there: that something is missing is trouble of the service.
        (signal) => write<never>(service, key, { body, signal, condition: { ifNoneMatch: '*' } }),
        explain,
      ),
    replaceIfMatch: (key, body, options): Promise<ReplaceAnswer> =>
      withinTime(
        callLimits(checked(key), body.length, options),
        (signal) =>
          write<Absent>(service, key, {
            body,
            signal,
            condition: { ifMatch: options.tag },
            absent: { answer: 'absent' },
          }),
        explain,
      ),
    list: (prefix, options) =>
      withinTime(
        callLimits(prefix, 0, options),
        async (signal) => ({
          answer: 'done' as const,
          keys: (await service.list(prefix, signal)).filter(isStoreKey).sort(),
        }),
        explain,
      ),
  };
}

async function read(
  service: ObjectService,
  key: string,
  limits: { signal: AbortSignal; maxBytes: number },
): Promise<GetAnswer> {
  try {
    return await service.get(key, limits);
  } catch (error) {
    if (service.isAbsent(service.readError(error))) return { answer: 'absent' };
    throw error;
  }
}

interface WriteRequest<T> {
  body: Uint8Array;
  signal: AbortSignal;
  condition: WriteCondition;
  /** The answer where the key is not there, if that is one. */
  absent?: T;
}

async function write<T extends Absent>(
  service: ObjectService,
  key: string,
  { body, absent, ...request }: WriteRequest<T>,
): Promise<Done | Changed | Unknown | T> {
  try {
    const tag = await service.put(key, body, request);
    return tag ? { answer: 'done', tag } : unknown('server', 'the answer has no ETag');
  } catch (error) {
    const known = service.readError(error);
    if (service.isChanged(known)) return { answer: 'changed' };
    if (absent !== undefined && service.isAbsent(known)) return absent;
    if (service.isBusy?.(known) === true) return unknown('throttled', saidBy(known));
    throw error;
  }
}

function checked(key: string): string {
  if (!isStoreKey(key)) throw new Error(`No key of a shared store: ${JSON.stringify(key)}`);
  return key;
}

const saidBy = ({ status, code }: ServiceError) => `the service says ${status ?? ''} ${code ?? ''}`.trim();
