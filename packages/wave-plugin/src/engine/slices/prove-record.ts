import { canonicalJson, digestOf, lazily } from '@nx-wave/schemas/plain';
import {
  fileChangeSchema,
  gateReasonSchema,
  objectIdSchema,
  proofCommandResultSchema,
  sha256Schema,
} from '@nx-wave/schemas';
import * as z from 'zod';
import { readRegular } from '../../edges/files/read-file';
import type { Session } from '../session/session';
import { heldOutResultSchema } from './held-out-proof';
import { parseJson } from '../../core/parse-json';

/** `gates/wave-<n>/prove.json`: the merged tree of the whole wave and what proved it. */
export const proveRecordSchema = lazily(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    wave: z.string(),
    ok: z.boolean(),
    /** Digest of the last verdict. */
    upstream: sha256Schema,
    tree: objectIdSchema.nullable(),
    baseTree: objectIdSchema,
    /** Files of the base that no commit held, by their path; records of earlier versions do not say. */
    uncommitted: z.array(z.string()).optional(),
    changes: z.array(fileChangeSchema),
    patchSha256: sha256Schema.nullable(),
    /** Where commands worked with the home of the person (`proof.home`). */
    home: z.literal('user').optional(),
    commands: z.array(proofCommandResultSchema.pick({ command: true, outcome: true, exitCode: true })),
    /** Held-out commands by their names; absent where the wave has none. */
    heldOut: z.array(heldOutResultSchema).optional(),
    reasons: z.array(gateReasonSchema),
    /** Digest of everything else; absent in records of earlier versions. */
    seal: sha256Schema.optional(),
  }),
);

/** Bytes that a record may have. */
const largestRecord = 64 * 2 ** 20;

export type ProveRecord = Omit<z.infer<typeof proveRecordSchema>, 'seal'>;

/** The text of a record, sealed. */
export function printProve(record: ProveRecord): string {
  return `${canonicalJson({ ...record, seal: digestOf(record) })}\n`;
}

/** What a text says that `prove` has left; null where it is none, or was changed since. */
export function parseProve(text: string | null): ProveRecord | null {
  const parsed = proveRecordSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { seal, ...record } = parsed.data;
  return seal === undefined || seal === digestOf(record) ? record : null;
}

/** What `prove` left, or null. */
export async function readProve(session: Session): Promise<ProveRecord | null> {
  return readProveAt(session.at(session.paths.prove));
}

/** The same for a file given by its absolute path: that of another wave. */
export async function readProveAt(path: string): Promise<ProveRecord | null> {
  return parseProve(await readRegular(path, largestRecord));
}
