import type { Closure } from '@nx-wave/schemas';
import { canonicalJson, ok, type Result } from '@nx-wave/schemas/plain';
import { judgeClosure, type ClosureEvidence } from '../core/state/judge-closure';
import { knownFailures } from '../core/state/known-failures';
import { isLanded } from '../core/state/ledger';
import { writeDurable } from '../edges/files/file-edge';
import { readProve } from './run-prove';
import type { Session } from './session';
import { gatherEvidence, type SliceFailures } from './wave-evidence';

/** Everything stored that the closing of a wave is judged by. Nothing is run, and verdicts on other results do not count. */
export async function gatherClosure(
  session: Session,
  failures: SliceFailures[] = [],
): Promise<ClosureEvidence> {
  const evidence = await gatherEvidence(session, failures);
  const { wave, verdicts, bundles, prove } = evidence;
  const record = prove === null ? null : await readProve(session);
  return {
    wave,
    verdicts,
    prove,
    bundles,
    changes: record?.changes ?? [],
    patchSha256: record?.patchSha256 ?? null,
    failures: knownFailures(evidence),
    questions: questionsOf(failures),
    landed: isLanded(session.ledger),
  };
}

/** Questions that failed slices wait on, as the failures name them. */
function questionsOf(failures: SliceFailures[]): ClosureEvidence['questions'] {
  return failures.flatMap(({ unitId, failures: found }) =>
    found
      .filter(({ code }) => code === 'question-unanswered')
      .map(({ message, facts }) => ({
        requestId: typeof facts?.['requestId'] === 'string' ? facts['requestId'] : unitId,
        agentId: unitId,
        summary: message,
      })),
  );
}

/** Judges the closing from what is stored, and writes the record. */
export async function writeClosure(
  session: Session,
  failures: SliceFailures[] = [],
): Promise<Result<Closure>> {
  const closure = judgeClosure(await gatherClosure(session, failures));
  const written = await writeDurable(session.at(session.paths.closure), `${canonicalJson(closure)}\n`);
  return written.ok ? ok(closure) : written;
}
