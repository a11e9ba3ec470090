import type { Failure } from '@nx-wave/schemas/plain';
import { describeFailure } from '../core/views/describe-failure';
import type { Edges } from './edges';
import type { Session } from './session';
import { writeStatus } from './status';
import { writeClosure } from './wave-state';

/**
 * The last words of a task that failed. Nx skips everything after it, so this is where the wave says that it is open:
 * status and closure record are written, then the reasons, an open question, and the one next command.
 */
export async function reportOpenWave(
  session: Session,
  failures: { unitId: string; failures: Failure[] }[],
  edges: Edges,
): Promise<void> {
  const all = failures.flatMap((one) => one.failures);
  const closure = await writeClosure(session, failures);
  const status = closure.ok ? await writeStatus(session, closure.value) : closure;
  for (const problem of [closure, status]) if (!problem.ok) edges.print(describeFailure(problem.error));
  edges.print('');
  edges.print(`${session.wave.identity.project} is open:`);
  for (const one of all) edges.print(describeFailure(one));
  if (!closure.ok) return;
  for (const reason of closure.value.reasons) {
    const told = all.some(({ message }) => message === reason.detail);
    if (!told) edges.print(`${reason.code}: ${reason.detail}`);
  }
  for (const question of closure.value.questions)
    edges.print(`question ${question.requestId}: ${question.summary}`);
  if (closure.value.next !== null) edges.print(`next: ${closure.value.next}`);
}
