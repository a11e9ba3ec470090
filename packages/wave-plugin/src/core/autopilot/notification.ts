import type { HumanInput, Notification } from '@nx-wave/schemas';
import type { NotifyEvent, Outcome } from '@nx-wave/schemas/plain';
import type { AutopilotEnd } from './next-step';
import { describeHumanInput } from '../people/questions';

/** What people are told of an end; null for one that they made themselves. */
export function notifyEventOf({ outcome, why }: Pick<AutopilotEnd, 'outcome' | 'why'>): NotifyEvent | null {
  if (why === 'cancelled') return null;
  if (why === 'question' || why === 'budget') return why;
  return eventOfOutcome[outcome];
}

const eventOfOutcome: Readonly<Record<Outcome, NotifyEvent>> = {
  closed: 'closed',
  blocked: 'blocked',
  failed: 'failed',
  open: 'blocked',
};

/** How an autopilot has ended, as a notifier gets it; null where nobody is told. */
export function endNotification(
  project: string,
  end: AutopilotEnd,
  { question, at }: { question: HumanInput | null; at: Date },
): Notification | null {
  const event = notifyEventOf(end);
  if (event === null) return null;
  return {
    schemaVersion: 1,
    ...{ event, project, outcome: end.outcome, detail: end.detail, next: end.next },
    question: event === 'question' ? question : null,
    at: at.toISOString(),
  };
}

/** A question that waits, each time that it becomes somebody else's. */
export function questionNotification(question: HumanInput, at: Date): Notification {
  return {
    schemaVersion: 1,
    event: 'question',
    project: question.wave,
    outcome: 'blocked',
    detail: describeHumanInput(question),
    next: `nx run ${question.wave}:answer --request ${question.agentId}/${question.requestId} --text "…" --by "…"`,
    question,
    at: at.toISOString(),
  };
}

/** What a notification says once: the same again is not sent again. */
export function notificationKey({ event, project, detail, question }: Notification): string {
  return question === null
    ? `${project} ${event} ${detail}`
    : `${project} ${event} ${question.agentId}/${question.requestId} ${question.state}`;
}
