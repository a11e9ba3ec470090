import type { ControlPlaneEvent, HumanInput, HumanInputState } from '@nx-wave/schemas';
import type { PeopleSettings } from '../model';
import type { OpenQuestion, WaveEvidence } from '../state/wave-evidence';

/** An open question with the time it was asked at; null where no observed event tells. */
export interface AskedQuestion extends OpenQuestion {
  wave: string;
  askedAt: string | null;
}

/** When the last attempt of each asking unit was refused for its question. */
export function askedQuestions(
  wave: string,
  questions: readonly OpenQuestion[],
  { events, attempts }: Pick<WaveEvidence, 'events' | 'attempts'>,
): AskedQuestion[] {
  return questions.map((question) => {
    const own = attempts.filter(({ predicate }) => predicate.agentId === question.agentId);
    const last = Math.max(0, ...own.map(({ predicate }) => predicate.attempt));
    const ended = events.filter((event) => isRefusal(event, question.agentId, last)).map(({ at }) => at);
    return { ...question, wave, askedAt: ended.sort()[0] ?? null };
  });
}

function isRefusal({ type, agentId, attempt }: ControlPlaneEvent, unitId: string, last: number): boolean {
  return type === 'slice.refused' && agentId === unitId && attempt === last;
}

interface Turn {
  state: HumanInputState;
  /** Minutes after the question. */
  minutes: number;
  assignee: string | null;
}

/** The turns that a question takes while nobody answers it, in the order of their times. */
function turnsOf(people: PeopleSettings): Turn[] {
  const turn = (state: HumanInputState, minutes: number | null, to: string | null): Turn[] =>
    minutes === null ? [] : [{ state, minutes, assignee: to }];
  const later = [
    ...turn('escalated', people.escalateMinutes, people.escalateTo),
    ...turn('rerouted', people.rerouteMinutes, people.rerouteTo),
    ...turn('timed_out', people.deadlineMinutes, null),
  ].sort((a, b) => a.minutes - b.minutes);
  return [
    { state: people.answers === null ? 'open' : 'assigned', minutes: 0, assignee: people.answers },
    ...later,
  ];
}

/**
 * Where a question stands at a time: whose it is now, and when that changes. Deadlines follow from the configuration, the time
 * of the question and the clock alone: nothing has to run while they pass. Without a known time none of them counts.
 */
export function humanInputAt(now: Date, question: AskedQuestion, people: PeopleSettings): HumanInput {
  const { askedAt } = question;
  const [first, ...later] = turnsOf(people) as [Turn, ...Turn[]];
  const asked = askedAt === null ? null : Date.parse(askedAt);
  const due = (turn: Turn) => (asked ?? 0) + turn.minutes * 60_000;
  const past = asked === null ? [] : later.filter((turn) => due(turn) <= now.getTime());
  const ahead = asked === null ? undefined : later.find((turn) => due(turn) > now.getTime());
  const taken = [first, ...past];
  const present = taken.at(-1) ?? first;
  return {
    schemaVersion: 1,
    requestId: question.requestId,
    wave: question.wave,
    agentId: question.agentId,
    kind: 'clarification',
    state: present.state,
    summary: question.summary,
    detail: null,
    assignee: taken.findLast(({ assignee }) => assignee !== null)?.assignee ?? null,
    answer: null,
    answeredBy: null,
    askedAt,
    changesAt: ahead === undefined ? null : new Date(due(ahead)).toISOString(),
  };
}

const stateWords: Partial<Record<HumanInputState, string>> = {
  escalated: 'escalated',
  rerouted: 'rerouted',
  timed_out: 'timed out',
};

/** `A2 asks Ada (escalated): Which format? [A2-q1], until 2026-11-28T10:30:00.000Z`. */
export function describeHumanInput(input: HumanInput): string {
  const word = stateWords[input.state];
  const whom = input.assignee === null ? '' : ` ${input.assignee}`;
  const until = typeof input.changesAt === 'string' ? `, until ${input.changesAt}` : '';
  return `${input.agentId} asks${whom}${word === undefined ? '' : ` (${word})`}: ${input.summary} [${input.requestId}]${until}`;
}
