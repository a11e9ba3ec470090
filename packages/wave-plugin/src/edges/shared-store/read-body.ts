import type { Found, Unknown } from '../../core/shared-store/backend';
import { unknown } from './within-time';

/** The bytes of an answer, whole, or why not. */
export async function readBody(
  stream: AsyncIterable<Uint8Array> | undefined,
  { tag, length, limit }: { tag: string | undefined; length: number | undefined; limit: number },
): Promise<Found | Unknown> {
  if (!tag || stream === undefined) return unknown('server', 'the answer has no ETag or no body');
  if (length === undefined || length > limit)
    return unknown('server', `the object is larger than ${limit} bytes`);
  const chunks: Uint8Array[] = [];
  let read = 0;
  try {
    for await (const chunk of stream) {
      read += chunk.length;
      if (read > limit) break;
      chunks.push(chunk);
    }
  } catch {
    return unknown('cut-short', `the connection ended after ${read} of ${length} bytes`);
  }
  if (read !== length) return unknown('cut-short', `${read} of ${length} bytes came`);
  return { answer: 'done' as const, body: new Uint8Array(Buffer.concat(chunks)), tag };
}
