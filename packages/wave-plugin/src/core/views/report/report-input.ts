import type { ControlPlaneEvent, LedgerEntry } from '@nx-wave/schemas';
import type { ResolvedWave } from '../../model';
import type { Spending, WaveBudget } from '../../spending';
import type { AttemptRecord } from '../../state/wave-evidence';
import type { StatusInput } from '../status';

/** An attempt with what was observed of it, from its own bundle. */
export interface ReportedAttempt extends AttemptRecord {
  events: readonly ControlPlaneEvent[];
}

/** What the proof of a unit changes, as text. */
export interface ReportedPatch {
  unitId: string;
  /** Null where it is too long to be shown, or gone. */
  text: string | null;
  /** Where the whole of it stands, workspace-relative. */
  path: string;
  /** Secret variables whose values it holds: then it is shown nowhere, not even with them taken out. */
  secrets?: readonly string[];
}

/** Everything that a report tells: stored state, and nothing of the moment at which it is made. */
export interface ReportInput extends StatusInput {
  wave: ResolvedWave;
  ledger: readonly LedgerEntry[];
  attempts: readonly ReportedAttempt[];
  patches: readonly ReportedPatch[];
  /** What the last attempt of each failed unit changed, and nobody accepted. */
  refused?: readonly ReportedPatch[];
  spending: Spending;
  budget: WaveBudget;
  /** Each time that stored proof was served here in place of a run, as far as the log of this machine tells. */
  reuses?: readonly ReportedReuse[];
}

/** One proof that was served again. */
export interface ReportedReuse {
  unitId: string;
  /** sha256 of the manifest. */
  proofDigest: string;
  at: string;
}

/** In wave order, then as they were made. */
export function attemptsInOrder({ wave, attempts }: ReportInput): ReportedAttempt[] {
  const place = new Map(wave.agents.map(({ unitId }, position) => [unitId, position]));
  const rank = ({ predicate }: ReportedAttempt) => place.get(predicate.agentId) ?? place.size;
  return [...attempts].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.predicate.attempt - b.predicate.attempt ||
      (a.proofDigest < b.proofDigest ? -1 : 1),
  );
}

/** The attempt whose result the wave rests on for a unit: of its closure record, where it landed too. */
export function provingAttempt(
  { closure, attempts }: Pick<ReportInput, 'closure' | 'attempts'>,
  unitId: string,
) {
  const proven = closure.agents.find(({ agentId }) => agentId === unitId);
  if (proven === undefined || proven.resultDigest === null) return null;
  const same = attempts.filter(
    ({ predicate }) =>
      predicate.agentId === unitId &&
      predicate.workKey === proven.workKey &&
      predicate.resultDigest === proven.resultDigest,
  );
  return same.find(({ proofDigest }) => proofDigest === proven.proofDigest) ?? same[0] ?? null;
}

/** Why a patch is not shown, for people: it is too long, or it holds a secret. */
export function whyNotShown({ secrets = [] }: ReportedPatch): string {
  if (secrets.length === 0) return 'is not shown here';
  return `is not shown: it holds the value of ${secrets.join(', ')}. It is kept for you alone`;
}
