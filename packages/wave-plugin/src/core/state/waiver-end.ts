import type { LedgerEntry } from '@nx-wave/schemas';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { isLanded, waiverOf } from './ledger';

type Waiver = Extract<LedgerEntry, { type: 'gate.waived' }>;

/** What the ledger comes to on a day: entries that count, and waivers that have ended. Both in their order. */
export interface LedgerToday {
  inForce: LedgerEntry[];
  ended: Waiver[];
}

/** A waiver counts to the end of its last day, in UTC, wherever it is read. */
export function ledgerOn(now: Date, entries: readonly LedgerEntry[]): LedgerToday {
  const today = now.toISOString().slice(0, 10);
  const ended = entries.filter(
    (entry): entry is Waiver =>
      entry.type === 'gate.waived' && entry.until !== undefined && entry.until < today,
  );
  return { inForce: entries.filter((entry) => !ended.some((one) => one === entry)), ended };
}

/** One warning for each waiver that has ended and that no other stands for; none of a wave that has landed. */
export function endedWaivers(project: string, { inForce, ended }: LedgerToday): Failure[] {
  if (isLanded(inForce)) return [];
  const missing = ended.filter(
    ({ code, agentId }) => waiverOf(inForce, { code, agentIds: agentId === null ? [] : [agentId] }) === null,
  );
  return missing.map(({ code, agentId, by, reason, until }) =>
    failure(
      'waiver-ended',
      `The waiver of ${code}${agentId === null ? '' : ` for ${agentId}`} (${by}: ${reason}) ended on ${until}: gates judge without it.`,
      {
        severity: 'warning',
        place: { wave: project, ...(agentId === null ? {} : { agentId }) },
        next: `Where it still holds: nx run ${project}:decide --waive ${code}${agentId === null ? '' : ` --agent ${agentId}`} --until <date> --reason "…" --by "…"`,
      },
    ),
  );
}

/** The last day of a waiver as a person has written it, `2027-01-31`; null where that is no day, or one that is over. */
export function readLastDay(text: string, now: Date): string | null {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (date === null || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) return null;
  return text < now.toISOString().slice(0, 10) ? null : text;
}
