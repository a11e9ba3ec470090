import type { Outcome } from '@nx-wave/schemas/plain';
import { againstClosing } from './against-closing';
import type { Standing } from './next-command';

/**
 * How a launch has ended, in the word that closure record, status and the last line of the output share. `blocked`: only a
 * person can move it on. `failed`: an agent, a gate or the merged tree was judged and refused. `open`: more has to run.
 */
export function outcomeOf({ state, plan, closure }: Standing): Outcome {
  if (closure.state === 'closed') return 'closed';
  if (state.landed) return 'open';
  if (state.phase === 'clarifying' || state.phase === 'blocked' || plan.human_inputs_blocking.length > 0)
    return 'blocked';
  // Whoever has left no handoff and did not fail was not judged yet.
  const refused = againstClosing({ state, closure }).some(
    ({ repair, code }) => repair !== 'wait' && code !== 'handoff-missing',
  );
  const ran = state.units.some(({ status }) => status !== 'never-run' && status !== 'waiting');
  return refused && ran ? 'failed' : 'open';
}

/** `outcome: failed (A2: proof-command-failed)`. */
export function outcomeLine(standing: Standing): string {
  const outcome = outcomeOf(standing);
  if (outcome === 'closed') return standing.closure.landed ? 'outcome: closed (landed)' : 'outcome: closed';
  const [question] = standing.state.questions;
  const [cause] = againstClosing(standing);
  const why =
    outcome === 'blocked' && question !== undefined
      ? `${question.agentId} asks`
      : cause === undefined
        ? standing.plan.human_inputs_blocking[0]
        : `${cause.agentIds.length === 0 ? '' : `${cause.agentIds.join(', ')}: `}${cause.code}`;
  return `outcome: ${outcome}${why === undefined ? '' : ` (${why})`}`;
}

/**
 * The same for a task that comes to nothing before a wave is open, so that there is no standing to judge; null where the
 * task is no part of a launch. A person has to mend what is named, unless the defect is ours.
 */
export function earlyOutcomeLine(target: string | undefined, code: string | undefined): string | null {
  if (code === undefined || !/^(?:agent-.+|gate-.+|prove|launch)$/.test(target ?? '')) return null;
  return `outcome: ${code === 'internal-error' ? 'failed' : 'blocked'} (${code})`;
}
