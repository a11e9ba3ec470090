import type { Failure } from '@nx-wave/schemas/plain';
import { questionsForPeople } from '../result/records';
import type { SliceEvidence } from './slice-evidence';
import { sliceFailure } from './slice-failure';

/** An agent that waits for a person has not proven its slice: it runs again once the answer is in the ledger. */
export function checkQuestions(evidence: SliceEvidence): Failure[] {
  const { agent, wave, envelope } = evidence;
  return questionsForPeople(agent, envelope.records ?? []).map(({ id, summary }) =>
    sliceFailure(evidence, {
      code: 'question-unanswered',
      what: `it asks a person: ${summary}`,
      expected: 'an answer in the ledger',
      got: `the open question ${id}`,
      requestId: id,
      next: `nx run ${wave.identity.project}:answer --request ${id} --text "…" --by "…"`,
    }),
  );
}
