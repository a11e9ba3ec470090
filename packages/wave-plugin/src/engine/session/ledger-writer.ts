import { randomBytes } from 'node:crypto';
import { ledgerEntrySchema, type LedgerEntry } from '@nx-wave/schemas';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { nextUlid } from '../../core/state/ulid';
import { writeNew } from '../../edges/files/write-file';
import type { Session } from './session';

/** Who decides and why: every ledger entry names both. */
export interface Decision {
  by: string;
  reason: string;
}

/** `--by` and `--reason` are never guessed: a ledger entry without them answers for nobody. */
export function readDecision(options: { by?: string; reason?: string }, command: string): Result<Decision> {
  const by = options.by?.trim() ?? '';
  const reason = options.reason?.trim() ?? '';
  if (by !== '' && reason !== '') return ok({ by, reason });
  return err(
    failure(
      'option-invalid',
      `The ledger names who decided and why: ${by === '' ? '--by' : '--reason'} is missing.`,
      {
        next: `${command} --by "<who decides>" --reason "<why>"`,
      },
    ),
  );
}

/** Completes an entry: its id comes after every entry that the ledger has. */
export function makeEntry(session: Session, draft: Record<string, unknown>): LedgerEntry {
  const { edges } = session;
  const now = edges.now();
  const after = session.ledger.at(-1)?.id ?? null;
  return ledgerEntrySchema.parse({
    ...draft,
    schemaVersion: 1,
    id: nextUlid({ nowMs: now.getTime(), random: randomBytes(10), after }),
    wave: session.wave.identity.project,
    recordedAt: now.toISOString(),
  });
}

/** Workspace-relative path of an entry: one file each, so that two branches never conflict. */
export function entryPath(session: Session, entry: LedgerEntry): string {
  return `${session.wave.identity.ledgerDir}/${entry.id}-${entry.type}.json`;
}

/** Readable, because people review ledger entries; nothing hashes these bytes. */
export function entryText(entry: LedgerEntry): string {
  return `${JSON.stringify(entry, null, 2)}\n`;
}

/** Adds one entry to the ledger of the wave: a tracked file for the user to commit. */
export async function appendLedger(
  session: Session,
  draft: Record<string, unknown>,
): Promise<Result<{ entry: LedgerEntry; path: string }>> {
  const entry = makeEntry(session, draft);
  const path = entryPath(session, entry);
  const drafts = session.at(`${session.wave.identity.launcherDir}/.drafts`);
  const written = await writeNew(session.at(path), entryText(entry), drafts);
  return written.ok ? ok({ entry, path }) : written;
}
