import type { Closure, RetryPlan } from '@nx-wave/schemas';
import type { Failure } from '@nx-wave/schemas/plain';
import type { WaveState } from '../state/wave-state';
import { describeFailure } from './describe-failure';
import { againstClosing, reasonLines } from './against-closing';
import { outcomeLine } from './outcome';

export interface FailureSummaryInput {
  /** The unit whose task ends. */
  unitId: string;
  failures: readonly Failure[];
  state: WaveState;
  plan: RetryPlan;
  /** Its `next` is the command that moves the wave on. */
  closure: Closure;
  /** One line for each agent that has run: how far it is, and what it used. */
  agents?: readonly string[];
}

/**
 * How the output of a failing agent ends. Nx skips every gate after it, so this is where people learn what stands against
 * the wave, which question is open, what is kept, and which command comes next.
 */
export function failureSummary({
  unitId,
  failures,
  state,
  plan,
  closure,
  agents = [],
}: FailureSummaryInput): string[] {
  const others = againstClosing({ state, closure })
    .filter(({ code, agentIds }) => code !== 'handoff-missing' || !agentIds.includes(unitId))
    .filter(
      ({ repair, gate, agentIds }) => repair !== 'wait' && !(gate === 'slice' && agentIds.includes(unitId)),
    )
    .filter(({ code }) => code !== 'question-unanswered' || state.questions.length === 0);
  const next = makingAnew(failures) ?? closure.next;
  const kept = plan.reusable_proof.map(({ agentId }) => agentId);
  return [
    `${state.wave} stays open: ${unitId} has not proven its slice.`,
    ...failures.map((one) => describeFailure(withoutCommand(one))),
    ...others.flatMap(reasonLines).map((line) => (line.startsWith(' ') ? line : `also: ${line}`)),
    ...state.questions.map(
      ({ requestId, agentId, summary }) => `${agentId} asks (${requestId}): ${oneLine(summary)}`,
    ),
    ...(agents.length === 0 ? [] : ['agents:', ...agents.map((line) => `  ${line}`)]),
    ...(kept.length > 0 ? [`kept, and not paid again: ${kept.join(', ')}`] : []),
    ...(next === null ? [] : [`next: ${next}`]),
    outcomeLine({ state, plan, closure }),
  ];
}

/** What a task before has left is not whole: a launch would only meet it again. */
function makingAnew(failures: readonly Failure[]): string | null {
  return failures.find(({ next }) => next?.includes(' --skip-nx-cache'))?.next ?? null;
}

/** One command moves the wave on, and it is told once, at the end; advice in words stays. */
function withoutCommand({ next, ...rest }: Failure): Failure {
  return next === undefined || next.startsWith('nx run ') ? rest : { ...rest, next };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
