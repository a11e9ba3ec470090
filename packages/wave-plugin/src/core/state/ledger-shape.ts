import type { LedgerEntry, LedgerEntryType } from '@nx-wave/schemas';
import { parseJson } from '../parse-json';

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (members: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members).every(([name, check]) => check((value as Record<string, unknown>)[name]));

/** The members that decisions read, by type of entry. */
const shapes: Record<LedgerEntryType, Check> = {
  'wave.landed': record({ changes: Array.isArray, agents: Array.isArray }),
  'wave.reopened': record({}),
  'retry.applied': record({
    agents: listOf(text),
    fresh: flag,
    executorChanges: listOf(record({ agentId: text, from: text, to: text })),
  }),
  'request.answered': record({ requestId: text, agentId: text, text }),
  'gate.waived': record({ code: text }),
  'ownership.amended': record({ agentId: text, paths: listOf(text) }),
  'contradiction.resolved': record({ contradictionId: text }),
  'request.reassigned': record({ requestId: text, to: text }),
  'bundle.revoked': record({ agentId: text, proofDigest: text }),
  'slice.adopted': record({
    agentId: text,
    proofDigest: text,
    changes: (value) => value === undefined || Array.isArray(value),
  }),
};

/**
 * True for an entry that decisions can be read from, checked by hand because the graph path loads no schema. A file that
 * is none decides nothing and stops nothing: commands name it with the whole schema's words.
 */
export function isLedgerEntry(value: unknown): value is LedgerEntry {
  if (!record({ id: text, type: text, wave: text })(value)) return false;
  const { id, type } = value as { id: string; type: string };
  return (
    /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id) &&
    Object.hasOwn(shapes, type) &&
    shapes[type as LedgerEntryType](value)
  );
}

/**
 * Whether an entry was decided for the wave in whose ledger folder it stands: one that was copied from another wave decides nothing
 * here. Their numbers are compared, since a lane can get another name; a folder without a number takes every entry.
 */
export function isOfLedger({ wave }: Pick<LedgerEntry, 'wave'>, folder: string): boolean {
  const own = /wave-(\d+)\.ledger$/.exec(folder)?.[1];
  const named = /(?:^|-)wave-(\d+)$/.exec(wave)?.[1];
  return own === undefined || Number(named) === Number(own);
}

/** The entry that a file of the ledger holds; null for a file that holds none, which must not cost anybody the graph. */
export function ledgerEntryOf(text: string): LedgerEntry | null {
  const value = parseJson(text);
  return isLedgerEntry(value) ? value : null;
}
