import type { Closure, RetryPlan } from '@nx-wave/schemas';
import { recordName, sharedIds } from '../result/record-names';
import type { OpenQuestion } from '../state/wave-evidence';
import type { UnitState, WaveState } from '../state/wave-state';

/** Where a wave stands, what would run again, and its closure record. */
export interface Standing {
  state: WaveState;
  plan: RetryPlan;
  closure: Closure;
}

/**
 * The one command that moves the wave on, or null when nothing is left to do. Answers of people come first. Status, report,
 * closure record and the output of a failing task all show this one.
 */
export function nextCommand({ state, plan, closure }: Standing): string | null {
  const run = `nx run ${state.wave}`;
  if (closure.landed || state.landed) {
    const reverted = closure.reasons.some(({ code }) => code === 'landed-tree-reverted');
    return reverted ? reopenCommand(state.wave) : null;
  }
  const question = state.questions[0];
  if (question) return `${run}:answer --request ${nameOf(question, state.questions)} --text "…" --by "…"`;
  const again = state.units.filter((unit) => plan.invalidated.includes(`${state.wave}:${unit.target}`));
  if (again.some(needsDecision)) return `${run}:retry --apply`;
  if (again.length > 0 || state.units.some(({ status }) => status !== 'proven' && status !== 'waiting'))
    return `${run}:launch`;
  const review = plan.human_inputs_blocking[0];
  if (review !== undefined) {
    const blamed =
      state.reasons.find(({ agentIds }) => review === `review:${agentIds[0] ?? ''}`) ?? state.reasons[0];
    return `${run}:decide --waive ${blamed?.code ?? 'CODE'} --reason "…" --by "…"`;
  }
  return state.phase === 'closed' ? `${run}:land` : `${run}:launch`;
}

/** What `answer` takes for this question and no other. */
function nameOf({ agentId, requestId }: OpenQuestion, questions: readonly OpenQuestion[]): string {
  const all = questions.map((one) => ({ by: one.agentId, id: one.requestId }));
  return recordName({ by: agentId, id: requestId }, sharedIds(all));
}

/** Runs again only by a decision: its proof stands, or it has used up its attempts. */
function needsDecision({ proof, failures }: UnitState): boolean {
  return proof !== null || failures.some(({ code }) => code === 'attempt-cap-reached');
}

/** The only way back from landed besides reverting the commit; who and why are filled in by a person. */
export function reopenCommand(project: string): string {
  return `nx run ${project}:reopen --by "…" --reason "…"`;
}
