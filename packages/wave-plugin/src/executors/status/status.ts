import { type ExecutorContext } from '@nx/devkit';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { describeFailure } from '../../core/views/describe-failure';
import { judgeClosure } from '../../core/state/judge-closure';
import { statusTable, writeStatus } from '../../engine/status';
import { gatherClosure } from '../../engine/wave-state';
import { openWave } from '../open-wave';

export interface StatusOptions {
  /** Prints the state as JSON instead of a table. */
  json?: boolean;
}

/** Shows the state of the wave from what is stored; runs nothing. */
export default async function statusExecutor(
  options: StatusOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const opened = await openWave(context);
  if (!opened.ok) {
    opened.error.forEach((one) => process.stderr.write(`${describeFailure(one)}\n`));
    return { success: false };
  }
  const { session, edges } = opened.value;
  const closure = judgeClosure(await gatherClosure(session));
  const written = await writeStatus(session, closure);
  if (!written.ok) edges.print(describeFailure(written.error));
  if (options.json) edges.print(canonicalJson(closure));
  else {
    statusTable(session, closure).forEach((line) => edges.print(line));
    edges.print(`${session.wave.identity.project} is ${closure.state}${closure.landed ? ' and landed' : ''}`);
    for (const reason of closure.reasons) edges.print(`${reason.code}: ${reason.detail}`);
    if (closure.next !== null) edges.print(`next: ${closure.next}`);
  }
  return { success: written.ok };
}
