import { limitsOf, type CallOptions, type StoreTrouble, type Unknown } from '../../core/shared-store/backend';

export function unknown(kind: StoreTrouble['kind'], detail: string): Unknown {
  return { answer: 'unknown', trouble: { kind, detail } };
}

/** Of one call, complete. */
export type CallLimits = Omit<CallOptions, 'timeoutMs'> & { timeoutMs: number; maxBytes: number };

/** What a caller wants, over what holds for the key; `bytes`: of a body that is written. */
export function callLimits(key: string, bytes: number, options: CallOptions | undefined): CallLimits {
  return { ...limitsOf(key, bytes), ...options };
}

/**
 * The answer of one call, or `unknown` when its time is over or its caller gave up. `work` gets a signal that ends it; what
 * does not listen goes on without anybody, and its answer is dropped. What `work` throws is for `explain`.
 */
export async function withinTime<T>(
  { timeoutMs, signal }: CallLimits,
  work: (signal: AbortSignal) => Promise<T>,
  explain: (error: unknown) => Unknown,
): Promise<T | Unknown> {
  const ended = new AbortController();
  let end: (answer: Unknown) => void = () => undefined;
  const stopped = new Promise<Unknown>((resolve) => {
    end = (answer) => {
      resolve(answer);
      ended.abort();
    };
  });
  const cancel = () => end(unknown('cancelled', 'the caller gave up'));
  const timer = setTimeout(
    () => end(unknown('timeout', `no answer within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([stopped, ended.signal.aborted ? stopped : work(ended.signal).catch(explain)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}
