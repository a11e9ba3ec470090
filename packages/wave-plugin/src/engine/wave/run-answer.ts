import { err, failure, type Result } from '@nx-wave/schemas/plain';
import { reduceWave } from '../../core/state/reduce-wave';
import { recordName, recordsNamed, sharedIds } from '../../core/result/record-names';
import { ambiguousRecord } from './ambiguous-record';
import { appendLedger } from '../session/ledger-writer';
import type { Session } from '../session/session';
import { gatherWave } from './wave-evidence';

/** Records the answer to an open question. Its agent gets a new work key and the answer in its prompt. */
export async function runAnswer(
  session: Session,
  options: { request?: string; text?: string; by?: string },
): Promise<Result<{ path: string }>> {
  const { edges } = session;
  const { project } = session.wave.identity;
  const state = reduceWave((await gatherWave(session)).evidence);
  const questions = state.questions.map((one) => ({ ...one, by: one.agentId, id: one.requestId }));
  const shared = sharedIds(questions);
  const open = questions.map((one) => recordName(one, shared)).join(', ') || 'none';
  const [question, other] = recordsNamed(options.request ?? '', questions);
  if (question !== undefined && other !== undefined) return err(ambiguousRecord(project, [question, other]));
  if (question === undefined) {
    return err(
      failure(
        'request-unknown',
        `${project} has no open question ${options.request ?? '(--request is missing)'}; open: ${open}.`,
        {
          place: { wave: project },
          next: `nx run ${project}:status`,
        },
      ),
    );
  }
  const text = options.text?.trim() ?? '';
  if (text === '') {
    return err(
      failure('option-invalid', 'An answer needs --text.', {
        next: `nx run ${project}:answer --request ${question.requestId} --text "…"`,
      }),
    );
  }
  const by = options.by ?? edges.env['USER'] ?? edges.env['LOGNAME'] ?? 'nx-wave answer';
  const { requestId, agentId, summary } = question;
  return appendLedger(session, {
    type: 'request.answered',
    by,
    reason: `Answers: ${summary}`,
    requestId,
    agentId,
    text,
  });
}
