import { type ExecutorContext } from '@nx/devkit';
import { awaitAutopilot } from '../../engine/wave/detached-autopilot';
import { alone, tellReport } from '../alone';

export interface WaitOptions {
  /** Minutes; without them it waits for as long as it takes. */
  minutes?: number;
  json?: boolean;
}

/** Waits until the autopilot of the project has ended, and tells how; the autopilot does not notice. */
export default function waitExecutor(
  { minutes, json }: WaitOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return alone(context, async (edges, refuse) => {
    const { projectName: project = '', root: workspaceRoot } = context;
    const ended = await awaitAutopilot(edges, { workspaceRoot, project, minutes: minutes ?? null });
    if (!ended.ok) return refuse([ended.error]);
    return tellReport(edges, ended.value, { json: json === true });
  });
}
