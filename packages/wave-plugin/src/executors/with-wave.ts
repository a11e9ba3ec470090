import { type ExecutorContext } from '@nx/devkit';
import { describeFailure } from '../core/views/describe-failure';
import { failureOfThrown } from '../edges/files/io-errors';
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
 * thrown is told as an answer of the machine or as a defect of ours; a door itself answers with true or false.
 */
export async function withWave(
  context: ExecutorContext,
  run: (session: Session) => Promise<boolean>,
  options: ExecutorSwitch = {},
): Promise<{ success: boolean }> {
  try {
    const opened = await openWave(context, options.executor);
    if (!opened.ok) {
      complainOf(opened.error, context);
      return { success: false };
    }
    const session = opened.value;
    for (const warning of session.warnings) session.edges.print(describeFailure(warning));
    await sweepLeftovers(session.edges);
    return { success: await run(session) };
  } catch (error) {
    complainOf([failureOfThrown(error)], context);
    return { success: false };
  }
}

/** Prints failures for people; always false, as the answer of the door. */
export function refuse(
  { edges }: Session,
  failures: readonly Parameters<typeof describeFailure>[0][],
): false {
  for (const one of failures) edges.print(describeFailure(one));
  return false;
}
