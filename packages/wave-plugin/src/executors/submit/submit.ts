import { type ExecutorContext } from '@nx/devkit';
import { startNxDetached } from '../../edges/processes/run-nx';
import { submitAutopilot } from '../../engine/wave/detached-autopilot';
import { alone } from '../alone';
import { targetBeside } from '../autopilot-doors';
import { type ExecutorSwitch } from '../with-wave';

/** Starts the autopilot of the project without a terminal, and leaves it to itself. */
export default function submitExecutor(
  { executor }: ExecutorSwitch,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return alone(context, async (edges, refuse) => {
    const { projectName: project = '', root: workspaceRoot } = context;
    const target = targetBeside(context, 'submit', 'autopilot');
    const args = [
      'run',
      `${project}:${target}`,
      ...(executor === undefined ? [] : [`--executor=${executor}`]),
    ];
    const submitted = await submitAutopilot(edges, {
      ...{ workspaceRoot, project },
      start: (log) => startNxDetached(args, { workspaceRoot, env: edges.env, log }),
    });
    if (!submitted.ok) return refuse([submitted.error]);
    const { owner, log } = submitted.value;
    edges.print(`${project}:${target} runs as process ${owner.pid}; its output, bounds first: ${log}`);
    edges.print(`next: nx run ${project}:${targetBeside(context, 'submit', 'wait')}`);
    return true;
  });
}
