import type { Closure } from '@nx-wave/schemas';
import { canonicalJson, type Failure } from '@nx-wave/schemas/plain';
import { planRetry } from '../core/retry/plan-retry';
import { judgeClosure } from '../core/state/judge-closure';
import { reduceWave } from '../core/state/reduce-wave';
import { describeFailure } from '../core/views/describe-failure';
import { lastWords } from '../core/views/last-words';
import { nextCommand } from '../core/views/next-command';
import { statusDocument, statusLines, type StatusInput } from '../core/views/status';
import { writeDurable } from '../edges/files/file-edge';
import type { Edges } from './edges';
import type { Session } from './session';
import { gatherWave, type SliceFailures } from './wave-evidence';

/** The state of a wave, its closure record and its plan, all from what is stored. */
export async function readState(
  session: Session,
  edges: Edges,
  failures: SliceFailures[] = [],
): Promise<StatusInput> {
  const gathered = await gatherWave(session, edges, failures);
  const state = reduceWave(gathered.evidence);
  const plan = planRetry(state);
  const closure = judgeClosure(gathered.closure);
  const next = closure.state === 'closed' ? closure.next : nextCommand(state, plan);
  return {
    state,
    plan,
    closure: {
      ...closure,
      questions:
        closure.questions.length > 0 ? closure.questions : state.questions.map((one) => ({ ...one })),
      next,
    },
  };
}

/** Writes status and closure record; what cannot be written is said and stops nothing. */
export async function writeState(session: Session, input: StatusInput, edges: Edges): Promise<void> {
  const files: [string, unknown][] = [
    [session.paths.closure, input.closure],
    [session.paths.status, statusDocument(input)],
  ];
  for (const [path, value] of files) {
    const written = await writeDurable(session.at(path), `${canonicalJson(value)}\n`);
    if (!written.ok) edges.print(describeFailure(written.error));
  }
}

/**
 * The last words of a task that failed. Nx skips everything after it, so this is where the wave says that it is open:
 * status and closure record are written, then the reasons, an open question, and the one next command.
 */
export async function reportOpenWave(
  session: Session,
  failures: SliceFailures[],
  edges: Edges,
): Promise<void> {
  const input = await readState(session, edges, failures);
  await writeState(session, input, edges);
  edges.print('');
  const unit = failures.find(({ unitId }) => session.wave.agents.some((agent) => agent.unitId === unitId));
  if (unit) {
    lastWords({ ...unit, state: input.state, plan: input.plan }).forEach((line) => edges.print(line));
    return;
  }
  const told: Failure[] = failures.flatMap((one) => one.failures);
  for (const one of told) edges.print(describeFailure(one));
  printOpen(input, edges);
}

/** An open wave for people: who stands where, why it does not close, and the next command. */
export function printOpen(input: StatusInput, edges: Edges): void {
  statusLines(input).forEach((line) => edges.print(line));
}

/** Why a landed wave is open again: its tree was taken back. */
export function printReasons(closure: Closure, edges: Edges): void {
  edges.print(`${closure.wave} is open:`);
  for (const { code, detail } of closure.reasons) edges.print(`${code}: ${detail}`);
  if (closure.next !== null) edges.print(`next: ${closure.next}`);
}
