import type { GateReason, RetryPlan, WaveRecord } from '@nx-wave/schemas';
import type { OpenRecord } from '../state/open-records';
import type { WaveState } from '../state/wave-state';

/** One thing that holds the wave up and that no launch clears by itself. */
export interface Blocker {
  kind: 'question' | 'request' | 'clarification' | 'blocker' | 'contradiction' | 'dependency' | 'review';
  /** Id of the question or record, `review:<unit>`, or the code of the gate's reason. */
  id: string;
  detail: string;
  /** Unit id of whoever is held up or speaks up; null where that is the wave as a whole. */
  by: string | null;
  /** Unit ids, names of waves, or `human`. */
  waitsFor: string[];
  /** The command that clears it. */
  next: string;
}

const recordKinds: Partial<Record<WaveRecord['kind'], Blocker['kind']>> = {
  request: 'request',
  'clarification-request': 'clarification',
  contradiction: 'contradiction',
};

/** Everything that somebody has to clear: people, other agents, other waves. Sorted as people meet them. */
export function blockersOf(state: WaveState, plan: RetryPlan): Blocker[] {
  if (state.landed) return [];
  const run = `nx run ${state.wave}`;
  const questions = state.questions.map(({ requestId, agentId, summary }): Blocker => ({
    kind: 'question',
    id: requestId,
    detail: summary,
    by: agentId,
    waitsFor: ['human'],
    next: `${run}:answer --request ${requestId} --text "…" --by "…"`,
  }));
  const dependencies = state.reasons
    .filter(({ code }) => code === 'dependency-open')
    .map(({ code, detail, command }): Blocker => ({
      kind: 'dependency',
      id: code,
      detail,
      by: null,
      waitsFor: [/^nx run (.+):launch$/.exec(command ?? '')?.[1] ?? 'another wave'],
      next: command ?? `${run}:launch`,
    }));
  const reviews = plan.human_inputs_blocking
    .filter((id) => id.startsWith('review:'))
    .map((id) => ({ id, reasons: state.reasons.filter((reason) => isReviewOf(reason, id)) }))
    .filter(({ reasons }) => reasons.length === 0 || !reasons.every(isOfRecord))
    .map(({ id, reasons }) => reviewBlocker(id, reasons.find((one) => !isOfRecord(one)) ?? null, run));
  return [
    ...questions,
    ...dependencies,
    ...state.openRecords.map((one) => recordBlocker(one, run)),
    ...reviews,
  ];
}

function recordBlocker(
  { record, by, waitsFor, waitsForPeople, unroutable }: OpenRecord,
  run: string,
): Blocker {
  const kind = recordKinds[record.kind] ?? 'blocker';
  const people = waitsForPeople || waitsFor.length === 0;
  const verbs: Partial<Record<Blocker['kind'], string>> = {
    contradiction: `--resolve ${record.id} --kind party_accepted`,
    blocker: '--waive blocker-open',
  };
  const decide = `${run}:decide ${verbs[kind] ?? `--reassign ${record.id} --to "…"`} --reason "…" --by "…"`;
  return {
    kind,
    id: record.id,
    detail:
      unroutable.length > 0
        ? `${record.summary} (nobody here is ${unroutable.join(' or ')})`
        : record.summary,
    by,
    waitsFor: people ? [...waitsFor, 'human'] : waitsFor,
    next: people ? decide : `${run}:retry --apply`,
  };
}

/** What gates say of an open record. */
const recordCodes = new Set([
  'helper-assignment-unresolved',
  'helper-assignment-open',
  'human-feedback-open',
  'clarification-open',
  'integration-contradiction-open',
  'blocker-open',
]);

/** The record itself is listed, and says more. */
function isOfRecord({ code }: GateReason): boolean {
  return recordCodes.has(code);
}

function reviewBlocker(id: string, reason: GateReason | null, run: string): Blocker {
  return {
    kind: 'review',
    id,
    detail: reason ? `${reason.code}: ${reason.detail}` : 'Somebody has to look at this.',
    by: reason?.agentIds[0] ?? null,
    waitsFor: ['human'],
    next: `${run}:decide --waive ${reason?.code ?? 'CODE'} --reason "…" --by "…"`,
  };
}

/** True where a plan calls the review of this reason so. */
function isReviewOf({ agentIds, gate }: GateReason, id: string): boolean {
  return id === `review:${agentIds[0] ?? gate}`;
}

/** One blocker on one line. */
export function blockerLine({ kind, id, detail, by, waitsFor, next }: Blocker): string {
  const who = by === null ? '' : ` of ${by}`;
  return `${kind} ${id}${who} waits for ${waitsFor.join(', ')}: ${detail} -> ${next}`.replace(/\s+/g, ' ');
}
