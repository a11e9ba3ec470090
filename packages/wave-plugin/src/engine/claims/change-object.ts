import { canonicalJson, err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type * as z from 'zod';
import { parseJson } from '../../core/parse-json';
import type { ChangeStep } from '../../core/shared-store/change-step';
import { storeLimits } from '../../core/shared-store/backend';
import { absentTag, type Moment } from '../../core/shared-store/silence';
import { storeUnavailable } from '../../core/shared-store/store-failures';
import type { ClaimsOptions } from './contracts';

/** A control object as it was read: null and no tag where there is none. */
export interface StoredObject<D> {
  doc: D | null;
  tag: string;
}

/** One kind of control object, by the schema that it is read with. */
export interface ObjectKind<D> {
  key: string;
  schema: z.ZodType<D>;
}

type Tools = Pick<ClaimsOptions, 'backend' | 'clock' | 'nonce' | 'periods' | 'protocol'>;

export interface ChangeRequest<D, T> {
  decide(stored: StoredObject<D>): ChangeStep<D, T>;
  /** The version that the asker knows already; it is read where absent. */
  from?: StoredObject<D>;
  /** True when no further try is worth it. */
  gaveUp(): boolean;
  signal: AbortSignal;
}

export interface ChangeResult<D, T> {
  outcome: T;
  stored: StoredObject<D>;
  /** When the first write of this change was sent; null where none was. */
  sent: Moment | null;
}

/** Reads a control object. An object that this version cannot read is `store-format`, no answer is `store-unavailable` or `store-credentials`. */
export async function readObject<D>(tools: Tools, kind: ObjectKind<D>): Promise<Result<StoredObject<D>>> {
  const { backend } = tools;
  const answer = await backend.get(kind.key);
  if (answer.answer === 'absent') return ok({ doc: null, tag: absentTag });
  if (answer.answer === 'unknown') return err(storeUnavailable(backend.name, answer.trouble));
  const isSmall = answer.body.byteLength <= storeLimits.controlBytes;
  const parsed = kind.schema.safeParse(isSmall ? parseJson(new TextDecoder().decode(answer.body)) : null);
  return parsed.success ? ok({ doc: parsed.data, tag: answer.tag }) : err(formatUnknown(tools, kind.key));
}

/**
 * Compare-and-swap until it is decided: what is stored is looked at, and what was decided of exactly that version is written
 * over it. After an answer that says `changed`, or none at all, it is read back and decided again: a decision finds its own
 * entry, and every body that is written has an `op` of its own. An answer that is out of date only makes it longer.
 */
export async function changeObject<D extends { op: string }, T>(
  tools: Tools,
  kind: ObjectKind<D>,
  request: ChangeRequest<D, T>,
): Promise<Result<ChangeResult<D, T>>> {
  const { backend, clock, periods } = tools;
  const tried = new Map<string, T>();
  let sent: Moment | null = null;
  let stored = request.from ?? null;
  /** The version over which a write was refused: whoever still shows it is out of date. */
  let overtaken: string | null = null;
  let trouble: Failure | null = null;
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0 && (request.signal.aborted || request.gaveUp()))
      return err(trouble ?? storeUnavailable(backend.name, { kind: 'cancelled', detail: 'it was given up' }));
    if (stored === null) {
      const read = await readObject(tools, kind);
      if (!read.ok && read.error.code === 'store-format') return read;
      if (!read.ok || read.value.tag === overtaken) {
        trouble = read.ok ? trouble : read.error;
        await clock.sleep(periods.retryMs, request.signal);
        continue;
      }
      stored = read.value;
    }
    const landed = stored.doc === null ? undefined : tried.get(stored.doc.op);
    if (landed !== undefined && recognizes(tools)) return ok({ outcome: landed, stored, sent });
    const step = request.decide(stored);
    if (step.do === 'done') return ok({ outcome: step.landed, stored, sent });
    if (step.do === 'stop') return ok({ outcome: step.why, stored, sent });
    const doc = { ...step.body, op: tools.nonce() };
    const body = new TextEncoder().encode(canonicalJson(doc));
    if (body.byteLength > storeLimits.controlBytes) return err(tooLarge(tools, kind.key));
    const now = clock.moment();
    sent ??= now;
    tried.set(doc.op, step.landed);
    const answer =
      stored.tag === absentTag
        ? await backend.putIfAbsent(kind.key, body)
        : await backend.replaceIfMatch(kind.key, body, { tag: stored.tag });
    if (answer.answer === 'done')
      return ok({ outcome: step.landed, stored: { doc, tag: answer.tag }, sent: now });
    if (answer.answer === 'unknown') {
      trouble = storeUnavailable(backend.name, answer.trouble);
      await clock.sleep(periods.retryMs, request.signal);
    } else overtaken = stored.tag;
    stored = answer.answer === 'absent' ? { doc: null, tag: absentTag } : null;
    // Another answer than that the object is gone was out of date.
    if (answer.answer === 'absent') overtaken = null;
  }
}

const recognizes = ({ protocol }: Tools) => protocol?.readsBack !== false;

function formatUnknown({ backend }: Pick<Tools, 'backend'>, key: string): Failure {
  return failure(
    'store-format',
    `${key} of the shared store ${backend.name} is none that this version can read.`,
    {
      next: 'Use the version of nx-wave that wrote it, or another prefix in store.url.',
    },
  );
}

function tooLarge({ backend }: Pick<Tools, 'backend'>, key: string): Failure {
  return failure('store-format', `${key} of the shared store ${backend.name} would grow beyond 64 KiB.`, {
    next: 'Use another prefix in store.url for the waves that begin now.',
  });
}
