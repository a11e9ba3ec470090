import type { Closure, GateReason, RetryPlan } from '@nx-wave/schemas';
import type { UnitState, UnitStatus, WavePhase, WaveState } from '../state/wave-state';
import { blockerLine, blockersOf } from './blockers';
import { alignTable } from './table';

export interface StatusInput {
  state: WaveState;
  closure: Closure;
  plan: RetryPlan;
}

/** `status/wave-<n>.json` and `status --json`: the closure record, what it was reduced from, what holds it up, and what would run again. */
export function statusDocument({ state, closure, plan }: StatusInput): Record<string, unknown> {
  return {
    ...closure,
    phase: state.phase,
    units: state.units,
    tasks: state.tasks,
    blockers: blockersOf(state, plan),
    openRecords: state.openRecords,
    questions: state.questions,
    facts: state.facts,
    retry: plan,
  };
}

const phaseWords: Partial<Record<WavePhase, string>> = {
  clarifying: 'waits for an answer',
  blocked: 'waits for a decision',
  proving: 'has passed every gate; its merged tree is not proved yet',
  ready: 'is ready to close',
  closed: 'is closed',
  landed: 'has landed',
};

const statusWords: Record<UnitStatus, string> = {
  proven: 'proven',
  failed: 'not proven',
  asking: 'asks',
  running: 'running',
  interrupted: 'interrupted',
  outdated: 'to run again',
  waiting: 'waits',
  'never-run': 'not run yet',
};

/** `wave-3 waits for an answer`. */
export function describePhase({ wave, phase }: WaveState): string {
  return `${wave} ${phaseWords[phase] ?? `is in the ${phase} stage`}`;
}

export function describeUnitStatus(status: UnitStatus): string {
  return statusWords[status];
}

/** The wave for people: one row per agent, then what stands against closing and what moves it on. */
export function statusLines({ state, closure, plan }: StatusInput): string[] {
  const { next } = closure;
  return [
    describePhase(state),
    '',
    ...alignTable([
      ['agent', 'role', 'state', 'attempts', 'executor', 'proof or reason'],
      ...state.units.map(statusRow),
    ]),
    ...block('Against closing', state.reasons.map(reasonLine)),
    ...block('Advisories', state.advisories.map(reasonLine)),
    ...block('Blockers', blockersOf(state, plan).map(blockerLine)),
    ...(state.closureReady || state.landed ? [] : ['', `Plan: ${plan.why_resuming}`]),
    ...(next === null ? [] : ['', `Next: ${next}`]),
  ];
}

function statusRow(unit: UnitState): string[] {
  const why = unit.failures[0] ? `${unit.failures[0].code}${more(unit.failures.length - 1)}` : '-';
  return [
    unit.unitId,
    unit.role,
    describeUnitStatus(unit.status),
    String(unit.attempts),
    unit.executor.id,
    unit.proof?.proofBundleId ?? why,
  ];
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

/** One reason on one line, with everything that it names. */
export function reasonLine({ code, detail, paths, command }: GateReason): string {
  const named = [
    ...(paths.length > 0 ? [paths.join(', ')] : []),
    ...(command === null ? [] : [`\`${command}\``]),
  ];
  return `${code}: ${detail}${named.length > 0 ? ` [${named.join('; ')}]` : ''}`.replace(/\s+/g, ' ');
}

function block(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
