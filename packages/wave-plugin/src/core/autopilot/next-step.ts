import type { Failure, Outcome, AutopilotEndReason } from '@nx-wave/schemas/plain';
import { openReasons } from '../retry/causes';
import { retryEntry } from '../retry/retry-entry';
import type { UnitState, WaveState } from '../state/wave-state';
import { againstClosing } from '../views/against-closing';
import type { Standing } from '../views/next-command';
import type { Sight } from './sight';

export interface AutopilotEnd {
  outcome: Outcome;
  why: AutopilotEndReason;
  /** One sentence for people. */
  detail: string;
  /** The command that moves it on, or null. */
  next: string | null;
}

/** `apply` sends finished work of these units back; each gets the reasons with its next prompt. */
export type AutopilotStep =
  { step: 'launch' } | { step: 'apply'; agents: string[] } | { step: 'end'; end: AutopilotEnd };

/** Rules that hold every autopilot. One is switched off only where a test shows that it would miss it. */
export interface AutopilotRules {
  /** Whoever has judged the wave is not asked for another word: who keeps asking gets a pass in the end. */
  asksJudgesOnce: boolean;
}

export const autopilotRules: AutopilotRules = { asksJudgesOnce: true };

/**
 * What an autopilot does next. Whatever can run is launched; finished work that was refused is sent back as often as
 * `repairs` says; all else is for a person. Pure: the same sight gives the same step, so a killed autopilot goes on where it was.
 */
export function nextStep(
  sight: Sight,
  { repairs }: { repairs: number },
  rules: AutopilotRules = autopilotRules,
): AutopilotStep {
  const { standing, units, stops } = sight;
  const { state, closure } = standing;
  if (closure.state === 'closed' && (state.phase === 'closed' || state.landed)) {
    const detail = `${state.wave} ${state.landed ? 'has landed' : 'is closed'}.`;
    return end({ outcome: 'closed', why: 'closed', detail }, standing);
  }
  if (state.landed) return end({ outcome: 'blocked', why: 'review', detail: reasonText(standing) }, standing);
  const [stop] = stops;
  if (stop !== undefined) return end(refusedBy(stop), standing);
  if (units.some(({ action }) => action === 'run' || action === 'verify')) return launch(sight);
  const [question] = state.questions;
  if (question !== undefined) {
    const others = state.questions.length > 1 ? ` (and ${state.questions.length - 1} more)` : '';
    const detail = `${question.agentId} asks: ${question.summary} (${question.requestId})${others}`;
    return end({ outcome: 'blocked', why: 'question', detail }, standing);
  }
  const refused = units.find(({ action }) => action === 'refused')?.problem;
  if (refused) return end(refusedBy(refused), standing);
  return repairOrLaunch(sight, repairs, rules);
}

function repairOrLaunch(sight: Sight, repairs: number, rules: AutopilotRules): AutopilotStep {
  const { standing } = sight;
  const { state, plan } = standing;
  const candidates = repairCandidates(state, standing.plan);
  const agents = candidates.filter((unit) => !rules.asksJudgesOnce || mayBeAsked(state, unit));
  const spent = agents.filter(({ unitId }) => (sight.repairs[unitId] ?? 0) >= repairs);
  if (spent.length > 0) {
    const names = spent.map(({ unitId }) => unitId).join(', ');
    const detail = `${names} was sent back ${repairs} times and is still refused: ${reasonText(standing)}`;
    return end({ outcome: 'failed', why: 'attempts', detail }, standing);
  }
  if (agents.length > 0) return { step: 'apply', agents: agents.map(({ unitId }) => unitId).sort() };
  if (candidates.length > 0 || plan.human_inputs_blocking.length > 0)
    return end({ outcome: 'blocked', why: 'review', detail: reasonText(standing) }, standing);
  return launch(sight);
}

/** Units with finished work that a standing reason blames: those of the retry plan, and whoever has judged so. */
function repairCandidates(state: WaveState, plan: Standing['plan']): UnitState[] {
  const planned = retryEntry(state, plan, { fresh: false })?.agents ?? [];
  const blamed = openReasons(state).flatMap(({ agentIds }) => agentIds);
  return state.units.filter(
    (unit) =>
      unit.proof !== null &&
      (planned.includes(unit.unitId) ||
        (isJudge(unit) && (blamed.includes(unit.unitId) || blamed.includes(unit.agentId)))),
  );
}

const isJudge = ({ implementationOwning }: UnitState) => !implementationOwning;

/** Whoever owns implementation; of the judges those alone to whom somebody has addressed a request since. */
function mayBeAsked(state: WaveState, unit: UnitState): boolean {
  return !isJudge(unit) || state.openRecords.some(({ waitsFor }) => waitsFor.includes(unit.unitId));
}

/** A launch that has just changed nothing would change nothing again. */
function launch({ standing, progress, before }: Sight): AutopilotStep {
  if (before !== progress) return { step: 'launch' };
  const detail = `The last launch has changed nothing: ${reasonText(standing)}`;
  return end({ outcome: 'failed', why: 'no-progress', detail }, standing);
}

const budgetCodes: ReadonlySet<string> = new Set([
  'wave-budget',
  'wave-forecast',
  'budget-spent',
  'budget-uncapped',
]);

/** How a wave stands of which an agent may not run. */
function refusedBy({ code, message, next }: Failure): AutopilotEnd {
  const end = { detail: message, next: next ?? null };
  if (code === 'attempt-cap-reached') return { outcome: 'failed', why: 'attempts', ...end };
  return { outcome: 'blocked', why: budgetCodes.has(code) ? 'budget' : 'refused', ...end };
}

/** Where an end names no command of its own, the one that moves the wave on. */
function end(
  given: Omit<AutopilotEnd, 'next'> & { next?: string | null },
  { closure }: Standing,
): AutopilotStep {
  return { step: 'end', end: { ...given, next: given.next ?? closure.next } };
}

/** The first thing that stands against closing, in words. */
function reasonText(standing: Standing): string {
  const [reason] = againstClosing(standing);
  if (reason === undefined) return standing.plan.why_resuming;
  const who = reason.agentIds.length === 0 ? '' : `${reason.agentIds.join(', ')}: `;
  return `${who}${reason.code}: ${reason.detail}`;
}
