import type { LedgerEntry } from '@nx-wave/schemas';
import { digestOf, type Failure } from '@nx-wave/schemas/plain';
import { failedAttempts } from '../paid-attempts';
import { sortLedger } from '../state/ledger';
import type { WaveEvidence } from '../state/wave-evidence';
import type { Standing } from '../views/next-command';
import type { PlannedAction } from '../views/plan';

/** Who a ledger entry of an autopilot names as its author. */
export const autopilotAuthor = 'autopilot';

/** What an autopilot sees of a wave before each step: stored state alone, and what its own last launch was to change. */
export interface Sight {
  standing: Standing;
  /** What a launch would do with each agent. */
  units: readonly { unitId: string; action: PlannedAction; problem: Failure | null }[];
  /** What keeps every agent of the wave from running. */
  stops: readonly Failure[];
  /** How often each unit was sent back by an autopilot since a person last decided anything. */
  repairs: Readonly<Record<string, number>>;
  /** `progressOf` now, and as it was before the launch that this run made last; null before its first. */
  progress: string;
  before: string | null;
}

/** Repairs by unit id: entries of autopilots after the last one of anybody else. */
export function countRepairs(ledger: readonly LedgerEntry[]): Record<string, number> {
  const entries = sortLedger(ledger);
  const last = entries.findLastIndex(({ by }) => by !== autopilotAuthor);
  const counts: Record<string, number> = {};
  for (const entry of entries.slice(last + 1))
    if (entry.type === 'retry.applied')
      for (const unitId of entry.agents) counts[unitId] = (counts[unitId] ?? 0) + 1;
  return counts;
}

/**
 * A digest of all that a launch is meant to move: proofs, attempts that count, verdicts, the merged tree, questions, closing. An
 * attempt that ended by login, quota or rate limit moves nothing: asking at once again would end the same way.
 */
export function progressOf(
  { state, closure }: Pick<Standing, 'state' | 'closure'>,
  { attempts, ledger }: Pick<WaveEvidence, 'attempts' | 'ledger'>,
): string {
  return digestOf({
    phase: state.phase,
    closure: closure.state,
    ledger: ledger.map(({ id }) => id).sort(),
    units: state.units.map(({ unitId, workKey, proof }) => {
      const own = attempts.filter(
        ({ predicate }) => predicate.agentId === unitId && predicate.workKey === workKey,
      );
      const failed = failedAttempts(own.map(({ predicate }) => predicate));
      return { unitId, workKey, proof: proof?.proofDigest ?? null, failed };
    }),
    verdicts: state.verdicts.map(({ stage, ok, reasons }) => ({ stage, ok, reasons })),
    prove: state.prove && { ok: state.prove.ok, tree: state.prove.tree },
    questions: state.questions.map(({ requestId, agentId }) => `${agentId}/${requestId}`),
  });
}
