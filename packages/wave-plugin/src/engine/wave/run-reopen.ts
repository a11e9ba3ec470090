import { err, failure, type Result } from '@nx-wave/schemas/plain';
import { isLanded } from '../../core/state/ledger';
import { appendLedger, readDecision } from '../session/ledger-writer';
import type { Session } from '../session/session';

/** Adds `wave.reopened`: the only way back from landed, besides reverting the landing commit. */
export async function runReopen(
  session: Session,
  options: { by?: string; reason?: string },
): Promise<Result<{ path: string }>> {
  const { project } = session.wave.identity;
  const decision = readDecision(options, `nx run ${project}:reopen`);
  if (!decision.ok) return decision;
  if (!isLanded(session.ledger)) {
    return err(
      failure('option-invalid', `${project} has not landed: there is nothing to reopen.`, {
        next: `nx run ${project}:launch`,
      }),
    );
  }
  return appendLedger(session, { type: 'wave.reopened', ...decision.value });
}
