import type { Closure, GateReason, HumanInput, RetryPlan } from '@nx-wave/schemas';
import { describeHumanInput } from '../people/questions';
import type { UnitState, UnitStatus, WavePhase, WaveState } from '../state/wave-state';
import { againstClosing, reasonLines, reasonParts } from './against-closing';
import { wordLines, type AgentWords } from './agent-words';
import { cageLines, type UnitCages } from './cages';
import { describeSource, type UnitSource } from '../verify/proof-source';
import { strengthWord, type UnitStrength } from './strengths';
import { heldOutLines } from './held-out-lines';
import { blockerLine, blockersOf } from './blockers';
import { alignTable } from './table';

export interface StatusInput {
  state: WaveState;
  closure: Closure;
  plan: RetryPlan;
  /** What the agents say of their own work. */
  words?: readonly AgentWords[];
  /** What stood around the agents and their proof. */
  cages?: readonly UnitCages[];
  /** What their proof is worth. */
  strengths?: readonly UnitStrength[];
  /** Where their proof comes from, as far as it is stored here. */
  sources?: readonly UnitSource[];
  /** Names of commands that are kept from agents. */
  heldOut?: readonly string[];
  /** Whose the open questions are now, and until when. */
  inputs?: readonly HumanInput[];
}

/** `status/wave-<n>.json` and `status --json`: the closure record, what it was reduced from, what holds it up, and what would run again. */
export function statusDocument({
  state,
  closure,
  plan,
  words = [],
  cages = [],
  strengths = [],
  sources = [],
  heldOut = [],
  inputs = [],
}: StatusInput): Record<string, unknown> {
  return {
    ...closure,
    phase: state.phase,
    units: state.units,
    tasks: state.tasks,
    blockers: blockersOf(state, plan),
    openRecords: state.openRecords,
    questions: state.questions,
    ...(inputs.length === 0 ? {} : { humanInputs: inputs }),
    facts: state.facts,
    words,
    cages,
    strengths,
    sources,
    ...(heldOut.length === 0 ? {} : { heldOut: { names: heldOut, results: state.prove?.heldOut ?? null } }),
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
export function statusLines(input: StatusInput): string[] {
  const {
    state,
    closure,
    plan,
    words = [],
    cages = [],
    strengths = [],
    sources = [],
    heldOut = [],
    inputs = [],
  } = input;
  const { next } = closure;
  const measured = strengths.length > 0;
  return [
    describePhase(state),
    '',
    ...alignTable([
      [
        'agent',
        'role',
        'state',
        'attempts',
        'executor',
        ...(measured ? ['strength'] : []),
        'proof or reason',
      ],
      ...state.units.map((unit) => statusRow(unit, measured ? strengths : null)),
    ]),
    ...block('Against closing', againstClosing({ state, closure }).flatMap(reasonLines)),
    ...block('Advisories', state.advisories.map(reasonLine)),
    ...block('In the words of the agents', words.flatMap(wordLines)),
    ...block('Cages', cageLines(cages)),
    ...block('Made elsewhere', sources.filter(isElsewhere).map(sourceLine)),
    ...block('Held out from agents', heldOutLines(heldOut, state)),
    ...block('Questions to people', inputs.map(describeHumanInput)),
    ...block('Blockers', blockersOf(state, plan).map(blockerLine)),
    ...(state.closureReady || state.landed ? [] : ['', `Plan: ${plan.why_resuming}`]),
    ...(next === null ? [] : ['', `Next: ${next}`]),
  ];
}

function statusRow(unit: UnitState, strengths: readonly UnitStrength[] | null): string[] {
  const strength = strengths?.find(({ unitId }) => unitId === unit.unitId);
  const why = unit.failures[0] ? `${unit.failures[0].code}${more(unit.failures.length - 1)}` : '-';
  return [
    unit.unitId,
    unit.role,
    describeUnitStatus(unit.status),
    String(unit.attempts),
    unit.executor.id,
    ...(strengths === null ? [] : [strength === undefined ? '-' : strengthWord(strength)]),
    unit.proof?.proofBundleId ?? why,
  ];
}

const isElsewhere = ({ origin }: UnitSource) => origin !== 'this-machine';

const sourceLine = (source: UnitSource) => `${source.unitId}: from ${describeSource(source)}`;

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

/** One reason on one line, with everything that it names. */
export function reasonLine(reason: GateReason): string {
  const { line, said } = reasonParts(reason);
  return [line, ...said].join(' ').replace(/\s+/g, ' ').trim();
}

function block(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
