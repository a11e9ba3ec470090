import { proofCommandResultSchema, sha256Schema, type ProofCommandResult } from '@nx-wave/schemas';
import { canonicalJson, digestOf, lazily } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import { parseJson } from '../../core/parse-json';
import { heldOutResultSchema, type HeldOutResult } from './held-out-proof';

/** What all commands have said of one merged tree, where all of them were green. */
export interface TreeMemo {
  results: ProofCommandResult[];
  heldOut: HeldOutResult[];
}

const memoSchema = lazily(() =>
  z.strictObject({
    results: z.array(proofCommandResultSchema),
    heldOut: z.array(heldOutResultSchema).default([]),
    /** Digest of the key and of all that is said; absent in what earlier versions have kept. */
    seal: sha256Schema.optional(),
  }),
);

const sealOf = ({ results, heldOut }: TreeMemo, key: string) => digestOf({ key, results, heldOut });

/** The text that is kept under a key. */
export function printTreeMemo(memo: TreeMemo, key: string): string {
  const { results, heldOut } = memo;
  const held = heldOut.length === 0 ? {} : { heldOut };
  return `${canonicalJson({ results, ...held, seal: sealOf(memo, key) })}\n`;
}

/**
 * What a text says that stands under a key; null where it says nothing of that tree: it is broken, was made for another tree or changed
 * since, is not about these commands, or not all of them were green.
 */
export function readTreeMemo(
  text: string | null,
  asked: { key: string; commands: readonly string[]; heldOut: number },
): TreeMemo | null {
  const parsed = memoSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { results, heldOut, seal } = parsed.data;
  if (seal !== undefined && seal !== sealOf({ results, heldOut }, asked.key)) return null;
  const said = results.map(({ command }) => command).sort();
  if (canonicalJson(said) !== canonicalJson([...asked.commands].sort())) return null;
  const isGreen =
    results.every(({ outcome }) => outcome === 'passed') && heldOut.every(({ passed }) => passed);
  return isGreen && heldOut.length === asked.heldOut ? { results, heldOut } : null;
}
