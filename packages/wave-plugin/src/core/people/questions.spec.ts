import type { PeopleSettings } from '../model';
import { askedQuestions, describeHumanInput, humanInputAt } from './questions';

const people: PeopleSettings = {
  ...{ answers: 'Ada', escalateMinutes: 10, escalateTo: 'Grace' },
  ...{ rerouteMinutes: 20, rerouteTo: 'the office', deadlineMinutes: 60 },
};
const never: PeopleSettings = {
  ...{ answers: null, escalateMinutes: null, escalateTo: null },
  ...{ rerouteMinutes: null, rerouteTo: null, deadlineMinutes: null },
};
const question = {
  ...{ wave: 'wave-1', requestId: 'q1', agentId: 'A2', summary: 'Which format?' },
  askedAt: '2030-01-01T10:00:00.000Z',
};
const at = (minutes: number) => new Date(Date.parse(question.askedAt) + minutes * 60_000);

describe('a question that nobody answers', () => {
  it.each([
    [0, 'assigned', 'Ada', 10],
    [9.99, 'assigned', 'Ada', 10],
    [10, 'escalated', 'Grace', 20],
    [20, 'rerouted', 'the office', 60],
    [60, 'timed_out', 'the office', null],
    [6000, 'timed_out', 'the office', null],
  ])('after %d minutes is %s, with %s', (minutes, state, assignee, next) => {
    expect(humanInputAt(at(minutes), question, people)).toMatchObject({
      ...{ state, assignee, askedAt: question.askedAt },
      changesAt: next === null ? null : at(next).toISOString(),
    });
  });

  it('stays open for anybody where nothing is configured, and where nobody knows when it was asked', () => {
    const open = { state: 'open', assignee: null, changesAt: null };
    expect(humanInputAt(at(6000), question, never)).toMatchObject(open);
    const unknown = humanInputAt(at(6000), { ...question, askedAt: null }, people);
    expect(unknown).toMatchObject({ state: 'assigned', assignee: 'Ada', askedAt: null, changesAt: null });
  });

  it('takes its turns in the order of their times, and keeps whoever it has where a turn names nobody', () => {
    const swapped = { ...people, rerouteMinutes: 5, escalateTo: null };
    expect(humanInputAt(at(7), question, swapped)).toMatchObject({
      state: 'rerouted',
      assignee: 'the office',
    });
    expect(humanInputAt(at(15), question, swapped)).toMatchObject({
      state: 'escalated',
      assignee: 'the office',
    });
  });

  it('is told in one line with whose it is and until when', () => {
    expect(describeHumanInput(humanInputAt(at(12), question, people))).toBe(
      'A2 asks Grace (escalated): Which format? [q1], until 2030-01-01T10:20:00.000Z',
    );
    expect(describeHumanInput(humanInputAt(at(0), question, never))).toBe('A2 asks: Which format? [q1]');
  });
});

describe('the time of a question', () => {
  const event = (type: string, attempt: number, time: string) => ({
    ...{
      schemaVersion: 1 as const,
      seq: 1,
      wave: 'wave-1',
      agentId: 'A2',
      attempt,
      type,
      at: time,
      data: {},
    },
  });
  const attempts = [1, 2].map((attempt) => ({ predicate: { agentId: 'A2', attempt } }));
  type Evidence = Parameters<typeof askedQuestions>[2];

  it('is the end of the last attempt of the agent that asks', () => {
    const events = [
      event('slice.refused', 1, '2030-01-01T09:00:00.000Z'),
      event('attempt.started', 2, '2030-01-01T09:30:00.000Z'),
      event('slice.refused', 2, '2030-01-01T10:00:00.000Z'),
    ];
    const asked = (of: unknown[]) =>
      askedQuestions('wave-1', [question], { events: of, attempts } as unknown as Evidence)[0]?.askedAt;
    expect(asked(events)).toBe('2030-01-01T10:00:00.000Z');
    expect(asked(events.slice(0, 2))).toBeNull();
  });
});
