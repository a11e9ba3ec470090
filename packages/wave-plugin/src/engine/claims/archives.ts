import { err, failure, ok, sha256, type Result } from '@nx-wave/schemas/plain';
import { elapsed } from '../../core/shared-store/silence';
import { storeUnavailable } from '../../core/shared-store/store-failures';
import type { ClaimsOptions } from './contracts';

type Tools = Pick<ClaimsOptions, 'backend' | 'clock' | 'periods'>;

/** A place that is named for its content, and what tells whether bytes are that content. */
export interface ArchivePlace {
  key: string;
  /** sha256 of the archive. */
  digest: string;
}

/**
 * Uploads an archive before anything names it. One that is there already is read back: what a broken upload has left is
 * replaced by what belongs there. Codes: `store-unavailable`, `store-credentials`.
 */
export async function uploadArchive(
  { backend, clock, periods }: Tools,
  { key, digest }: ArchivePlace,
  { bytes, limitMs, signal }: { bytes: Uint8Array; limitMs: number; signal: AbortSignal },
): Promise<Result<void>> {
  const begun = clock.moment();
  let answer = await backend.putIfAbsent(key, bytes, { signal });
  for (;;) {
    if (answer.answer === 'done') return ok(undefined);
    const there = await backend.get(key, { signal });
    if (there.answer === 'done' && sha256(there.body) === digest) return ok(undefined);
    const trouble = there.answer === 'unknown' ? there.trouble : null;
    if (signal.aborted || elapsed(begun, clock.moment()) >= limitMs)
      return err(
        storeUnavailable(backend.name, trouble ?? { kind: 'timeout', detail: `${key} did not arrive` }),
      );
    await clock.sleep(periods.retryMs, signal);
    if (there.answer === 'done') {
      const healed = await backend.replaceIfMatch(key, bytes, { tag: there.tag, signal });
      answer = healed.answer === 'absent' ? { answer: 'changed' } : healed;
    } else answer = await backend.putIfAbsent(key, bytes, { signal });
  }
}

/**
 * The archive of a digest, whole. Codes: `store-unavailable` and `store-credentials` where nobody can tell, `bundle-missing` and `bundle-invalid`
 * where it is known that it cannot be had.
 */
export async function downloadArchive(
  { backend, clock, periods }: Tools,
  { key, digest }: ArchivePlace,
  { signal }: { signal: AbortSignal },
): Promise<Result<Uint8Array>> {
  const begun = clock.moment();
  for (;;) {
    const there = await backend.get(key, { signal });
    if (there.answer === 'done' && sha256(there.body) === digest) return ok(there.body);
    if (signal.aborted || elapsed(begun, clock.moment()) >= periods.patienceMs) {
      if (there.answer === 'unknown') return err(storeUnavailable(backend.name, there.trouble));
      return there.answer === 'absent'
        ? err(failure('bundle-missing', `${key} is not in the shared store ${backend.name} any more.`))
        : err(
            failure(
              'bundle-invalid',
              `${key} of the shared store ${backend.name} is not what its digest says.`,
            ),
          );
    }
    await clock.sleep(periods.retryMs, signal);
  }
}
