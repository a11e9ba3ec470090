import { type ExecutorContext } from '@nx/devkit';
import { failure } from '@nx-wave/schemas/plain';
import { type LaneMetadata } from '../core/infer/lane-project';
import { describeFailure } from '../core/views/describe-failure';
import { failureOfThrown } from '../edges/files/io-errors';
import { type Edges } from '../engine/session/edges';
import { type LaneRequest } from '../engine/lane/lane';
import { sweepLeftovers } from '../engine/slices/sweep-leftovers';
import { openEdges } from './open-wave';
import { complain } from './terminal';

/** Opens the lane of a task with the real edges; what cannot be opened is said in full, and a throw is a defect of ours. */
export async function withLane(
  context: ExecutorContext,
  run: (lane: LaneRequest, edges: Edges) => Promise<boolean>,
): Promise<{ success: boolean }> {
  const refuse = (problem: Parameters<typeof describeFailure>[0]) => {
    complain(describeFailure(problem));
    return { success: false };
  };
  const project = context.projectName ?? '';
  const metadata = context.projectsConfigurations.projects[project]?.metadata as
    { lane?: LaneMetadata } | undefined;
  if (metadata?.lane === undefined)
    return refuse(failure('option-invalid', `${project || 'This project'} is no lane of @nx-wave/plugin.`));
  try {
    const edges = openEdges(context.root);
    if (!edges.ok) return refuse(edges.error);
    const lane = { workspaceRoot: context.root, project, ...metadata.lane };
    await sweepLeftovers(edges.value);
    return { success: await run(lane, edges.value) };
  } catch (error) {
    return refuse(failureOfThrown(error));
  }
}
