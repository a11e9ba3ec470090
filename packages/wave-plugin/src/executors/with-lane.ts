import { type ExecutorContext } from '@nx/devkit';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { type LaneMetadata } from '../core/infer/lane-project';
import { describeFailure } from '../core/views/describe-failure';
import { failureOfThrown } from '../edges/files/io-errors';
import { type Edges } from '../engine/session/edges';
import { type LaneRequest } from '../engine/lane/lane';
import { sweepLeftovers } from '../engine/slices/sweep-leftovers';
import { openEdges } from './open-wave';
import { complain } from './terminal';

/** The lane of a task; null where its project is none of ours. */
export function laneOf({
  projectName: project = '',
  projectsConfigurations,
  root,
}: ExecutorContext): LaneRequest | null {
  const metadata = projectsConfigurations.projects[project]?.metadata as { lane?: LaneMetadata } | undefined;
  return metadata?.lane === undefined ? null : { workspaceRoot: root, project, ...metadata.lane };
}

export function noLane({ projectName: project = '' }: ExecutorContext): Failure {
  return failure('option-invalid', `${project || 'This project'} is no lane of @nx-wave/plugin.`);
}

/** Opens the lane of a task with the real edges; what cannot be opened is said in full, and a throw is a defect of ours. */
export async function withLane(
  context: ExecutorContext,
  run: (lane: LaneRequest, edges: Edges) => Promise<boolean>,
): Promise<{ success: boolean }> {
  const refuse = (problem: Parameters<typeof describeFailure>[0]) => {
    complain(describeFailure(problem));
    return { success: false };
  };
  const lane = laneOf(context);
  if (lane === null) return refuse(noLane(context));
  try {
    const edges = openEdges(context.root);
    if (!edges.ok) return refuse(edges.error);
    await sweepLeftovers(edges.value);
    return { success: await run(lane, edges.value) };
  } catch (error) {
    return refuse(failureOfThrown(error));
  }
}
