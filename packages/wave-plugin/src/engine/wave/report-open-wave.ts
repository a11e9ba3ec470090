import type { Closure } from '@nx-wave/schemas';
import { canonicalJson, type Failure } from '@nx-wave/schemas/plain';
import { describeFailure } from '../../core/views/describe-failure';
import { failureSummary } from '../../core/views/failure-summary';
import { outcomeLine } from '../../core/views/outcome';
import { statusLines, type StatusInput } from '../../core/views/status';
import { ranLines } from '../../core/views/watch';
import type { Edges } from '../session/edges';
import { judgeStatus, writeWaveStatus } from './read-status';
import type { Session } from '../session/session';
import { writeRecord } from '../session/write-record';
import { tellGithub } from './tell-github';
import { readNotes, storedOf } from './watch-wave';
import { gatherWave, isStillAllThereIs, type SliceFailures } from './wave-evidence';

/**
 * How the output of a task that failed ends. Nx skips everything after it, so this is where the wave says that it is open:
 * closure record and status are written, then the reasons, an open question, and the one next command.
 */
export async function reportOpenWave(session: Session, failures: SliceFailures[]): Promise<void> {
  const { edges } = session;
  const { gathered, input, written } = await writeOpenWave(session, failures);
  // What cannot be written is said and stops nothing.
  for (const one of written) if (!one.ok) edges.print(describeFailure(one.error));
  await tellGithub(session, failures);
  edges.print('');
  const unit = failures.find(({ unitId }) => session.wave.agents.some((agent) => agent.unitId === unitId));
  if (unit) {
    const { state, plan, closure } = input;
    const watched = { ...storedOf(session, gathered, input), notes: await readNotes(session) };
    const agents = ranLines(watched, edges.now().getTime());
    failureSummary({ ...unit, state, plan, closure, agents }).forEach((line) => edges.print(line));
    return;
  }
  const told: Failure[] = failures.flatMap((one) => one.failures);
  for (const one of told) edges.print(describeFailure(one));
  printOpen(input, edges);
}

/** As often as others may have ended meanwhile before a report is left to theirs. */
const mostWritings = 5;

/**
 * Judges the wave and writes closure record and status. Tasks fail at the same time: where another has ended since the wave was judged, its
 * own report may have been written over by this one, which is therefore made again.
 */
async function writeOpenWave(session: Session, failures: SliceFailures[]) {
  for (let writings = 1; ; writings += 1) {
    const gathered = await gatherWave(session, failures);
    const input = await judgeStatus(session, gathered);
    const written = [
      await writeRecord(session, session.at(session.paths.closure), {
        text: `${canonicalJson(input.closure)}\n`,
      }),
      await writeWaveStatus(session, input),
    ];
    if (writings === mostWritings || (await isStillAllThereIs(session, gathered)))
      return { gathered, input, written };
  }
}

/** An open wave for people: who stands where, why it does not close, and the next command. */
export function printOpen(input: StatusInput, edges: Edges): void {
  statusLines(input).forEach((line) => edges.print(line));
  edges.print(outcomeLine(input));
}

/** Why a landed wave is open again: its tree was taken back. */
export function printReasons(closure: Closure, edges: Edges): void {
  edges.print(`${closure.wave} is open:`);
  for (const { code, detail } of closure.reasons) edges.print(`${code}: ${detail}`);
  if (closure.next !== null) edges.print(`next: ${closure.next}`);
  edges.print(`outcome: ${closure.outcome ?? 'open'} (${closure.reasons[0]?.code ?? 'not judged'})`);
}
