import { type ExecutorContext } from '@nx/devkit';
import { type AutopilotReport } from '@nx-wave/schemas';
import { canonicalJson, type Failure } from '@nx-wave/schemas/plain';
import { autopilotLines } from '../core/views/autopilot';
import { describeFailure } from '../core/views/describe-failure';
import { failureOfThrown } from '../edges/files/io-errors';
import { type Edges } from '../engine/session/edges';
import { sweepLeftovers } from '../engine/slices/sweep-leftovers';
import { togetherWithOthers } from './autopilot-doors';
import { openEdges } from './open-wave';
import { type ExecutorSwitch } from './with-wave';
import { complain } from './terminal';

export interface AutopilotOptions extends ExecutorSwitch {
  /** Prints the outcome as JSON behind the words. */
  json?: boolean;
}

type Refuse = (failures: readonly Failure[]) => false;

/** The doors of autopilots and of what watches them: never one of several tasks. What is thrown is told as everywhere. */
export async function alone(
  context: ExecutorContext,
  run: (edges: Edges, refuse: Refuse) => Promise<boolean>,
): Promise<{ success: boolean }> {
  const refuse: Refuse = (failures) => {
    for (const one of failures) complain(describeFailure(one));
    return false;
  };
  const together = togetherWithOthers(context);
  if (together !== null) return { success: refuse([together]) };
  try {
    const edges = openEdges(context.root);
    if (!edges.ok) return { success: refuse([edges.error]) };
    await sweepLeftovers(edges.value);
    return { success: await run(edges.value, refuse) };
  } catch (error) {
    return { success: refuse([failureOfThrown(error)]) };
  }
}

/** How an autopilot has ended; true where everything that it was asked for is closed. */
export function tellReport({ print }: Edges, report: AutopilotReport, { json }: { json?: boolean }): boolean {
  if (json === true) print(canonicalJson(report));
  else for (const line of autopilotLines(report)) print(line);
  return report.outcome === 'closed';
}
