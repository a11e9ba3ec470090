import { type ExecutorContext } from '@nx/devkit';
import { describeFailure } from '../core/views/describe-failure';
import { failureOfThrown } from '../edges/files/io-errors';
import { createKeepAlive } from '../engine/program/keep-alive';
import { type Edges } from '../engine/session/edges';
import { type Session } from '../engine/session/session';
import { sweepLeftovers } from '../engine/slices/sweep-leftovers';
import { openWave } from './open-wave';
import { complainOf } from './terminal';

/** `--executor=<id>` of launch and of every task before it: all agents run on that executor. */
export interface ExecutorSwitch {
  executor?: string;
}

/**
 * Every door opens the same way: the wave is read, warnings are printed, and what cannot be opened is said in full. What is
 * thrown is told as an answer of the machine or as a defect of ours; a door itself answers with true or false. `isQuiet`: a
 * door that says by itself when there is nothing new.
 */
export async function withWave(
  context: ExecutorContext,
  run: (session: Session) => Promise<boolean>,
  { executor, isQuiet = false }: ExecutorSwitch & { isQuiet?: boolean } = {},
): Promise<{ success: boolean }> {
  let hush = (): void => undefined;
  try {
    const opened = await openWave(context, executor);
    if (!opened.ok) {
      complainOf(opened.error, context);
      return { success: false };
    }
    const session = opened.value;
    if (!isQuiet) hush = neverSilent(session.edges);
    for (const warning of session.warnings) session.edges.print(describeFailure(warning));
    await sweepLeftovers(session.edges);
    return { success: await run(session) };
  } catch (error) {
    complainOf([failureOfThrown(error)], context);
    return { success: false };
  } finally {
    hush();
  }
}

/**
 * A line at least each minute, whatever a task waits for or checks: CI services end a step that is silent, and people lose
 * heart before. Gives what ends it.
 */
export function neverSilent(edges: Pick<Edges, 'print' | 'clock'>): () => void {
  const { print } = edges;
  const { heard, tick } = createKeepAlive(print, { now: () => edges.clock.now(), used: () => null });
  edges.print = (line) => {
    if (line.trim() !== '') heard(line.trim().split('\n', 1)[0] ?? '');
    print(line);
  };
  const timer = setInterval(tick, 1_000);
  timer.unref();
  return () => {
    clearInterval(timer);
    edges.print = print;
  };
}

/** Prints failures for people; always false, as the answer of the door. */
export function refuse(
  { edges }: Session,
  failures: readonly Parameters<typeof describeFailure>[0][],
): false {
  for (const one of failures) edges.print(describeFailure(one));
  return false;
}
