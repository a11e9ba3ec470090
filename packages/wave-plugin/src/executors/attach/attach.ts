import { type ExecutorContext } from '@nx/devkit';
import { attachToAutopilot } from '../../engine/wave/detached-autopilot';
import { alone, tellReport } from '../alone';

/** Shows the output of the submitted autopilot of the project from its beginning, and goes on until it has ended. Ending it ends nothing else. */
export default function attachExecutor(
  _options: Record<string, never>,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return alone(context, async (edges, refuse) => {
    const { projectName: project = '', root: workspaceRoot } = context;
    const ended = await attachToAutopilot(edges, { workspaceRoot, project });
    if (!ended.ok) return refuse([ended.error]);
    return tellReport(edges, ended.value, {});
  });
}
