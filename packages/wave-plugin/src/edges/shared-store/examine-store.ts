import { canonicalJson, err, failure, lazily, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import { parseJson } from '../../core/parse-json';
import { storeKeys, type Backend, type StoreTrouble } from '../../core/shared-store/backend';
import { storeUnavailable } from '../../core/shared-store/store-failures';

/** What every object below one address belongs to. */
interface About {
  format: number;
  repository: string;
}

export interface StoreTools {
  backend: Backend;
  /** A text that nobody else makes. */
  nonce(): string;
  /** Waits before a call is tried again. */
  pause(): Promise<void>;
}

const format = 1;
const aboutSchema: z.ZodType<About> = lazily(() =>
  z.looseObject({ format: z.int(), repository: z.string().min(1) }),
);
const tries = 5;

/**
 * Binds the address to this repository, or sees that it is bound to it: two repositories with a wave of one name would share claims
 * and a budget. Codes: store-other-repository, store-format, store-unavailable, store-credentials.
 */
export async function bindStore(tools: StoreTools, repository: string): Promise<Result<void>> {
  const { backend } = tools;
  let trouble: StoreTrouble | null = null;
  for (let tried = 0; tried < tries; tried += 1) {
    if (tried > 0) await tools.pause();
    const there = await backend.get(storeKeys.about);
    if (there.answer === 'done') return judgeAbout(backend, there.body, repository);
    if (there.answer === 'unknown') {
      trouble = there.trouble;
      continue;
    }
    const put = await backend.putIfAbsent(
      storeKeys.about,
      bytesOf({ format, op: tools.nonce(), repository }),
    );
    if (put.answer === 'done') return ok(undefined);
    // Whoever was first, or a write of ours whose answer was lost, is read back.
    trouble = put.answer === 'unknown' ? put.trouble : null;
  }
  return err(storeUnavailable(backend.name, trouble));
}

function judgeAbout({ name }: Backend, body: Uint8Array, repository: string): Result<void> {
  const about = aboutSchema.safeParse(parseJson(new TextDecoder().decode(body)));
  if (!about.success || about.data.format !== format)
    return err(
      failure('store-format', `The shared store ${name} is in a format that this version cannot read.`, {
        next: 'Update @nx-wave/plugin on this machine, or set store.url to an address that is not used yet.',
      }),
    );
  if (about.data.repository === repository) return ok(undefined);
  return err(
    failure(
      'store-other-repository',
      `The shared store ${name} belongs to ${JSON.stringify(about.data.repository.slice(0, 200))}, and this is ${JSON.stringify(repository)}.`,
      {
        next: 'Set store.url to an address of its own, or store.repository to the same name in every clone.',
      },
    ),
  );
}

/**
 * Tries whether the store keeps its conditions, before anybody is paid on its word: a second create and a replacement against a
 * version that is no more must fail. All processes use one object for it, at the same time too. Codes: store-unsafe,
 * store-unavailable, store-credentials.
 */
export async function probeStore(tools: StoreTools): Promise<Result<void>> {
  const { backend } = tools;
  let trouble: StoreTrouble | null = null;
  for (let tried = 0; tried < tries; tried += 1) {
    if (tried > 0) await tools.pause();
    const body = () => bytesOf({ op: tools.nonce() });
    const first = await backend.putIfAbsent(storeKeys.probe, body());
    const seen = first.answer === 'unknown' ? first : await backend.get(storeKeys.probe);
    if (seen.answer !== 'done') {
      trouble = seen.answer === 'unknown' ? seen.trouble : null;
      continue;
    }
    const second = await backend.putIfAbsent(storeKeys.probe, body());
    if (second.answer === 'done') return err(unsafe(backend, 'it let two create the same object'));
    const next = await backend.replaceIfMatch(storeKeys.probe, body(), { tag: seen.tag });
    // Somebody else's probe came in between: that tells nothing.
    if (second.answer === 'unknown' || next.answer !== 'done') {
      trouble =
        second.answer === 'unknown' ? second.trouble : next.answer === 'unknown' ? next.trouble : null;
      continue;
    }
    if (next.tag === seen.tag) return err(unsafe(backend, 'two versions of an object have one ETag'));
    const stale = await backend.replaceIfMatch(storeKeys.probe, body(), { tag: seen.tag });
    if (stale.answer === 'done') return err(unsafe(backend, 'it replaced an object against a wrong ETag'));
    if (stale.answer === 'changed') return ok(undefined);
    trouble = stale.answer === 'unknown' ? stale.trouble : null;
  }
  return err(storeUnavailable(backend.name, trouble));
}

const bytesOf = (value: Record<string, string | number>) =>
  new TextEncoder().encode(`${canonicalJson(value)}\n`);

function unsafe({ name }: Backend, why: string): Failure {
  return failure('store-unsafe', `The shared store ${name} does not keep its conditions: ${why}.`, {
    next: 'Use a service with conditional writes (If-Match and If-None-Match) and no cache in front of it; nobody is paid until then.',
  });
}
