import { type ExecutorContext } from '@nx/devkit';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { postJson } from '../edges/notify/post';
import { runNx } from '../edges/processes/run-nx';
import { type Edges } from '../engine/session/edges';
import { type AutopilotDoors } from '../engine/wave/run-autopilot';
import { openWaveWith, type WaveMetadata } from './open-wave';

/**
 * An autopilot pays, so nobody starts it by the way: besides a name that asks for it, no task that depends on it and no cache, it
 * refuses to be one of several tasks, as `affected`, `run-many` or a `dependsOn` of somebody would make it. Null where it is alone.
 */
export function togetherWithOthers({ taskGraph, projectName, targetName }: ExecutorContext): Failure | null {
  const own = `${projectName ?? ''}:${targetName ?? ''}`;
  const others = Object.keys(taskGraph?.tasks ?? {}).filter((id) => id !== own && !id.startsWith(`${own}:`));
  if (others.length === 0) return null;
  return failure(
    'autopilot-together',
    `${own} was started together with ${others.sort().join(', ')}: nothing was run.`,
    {
      place: { wave: projectName ?? '' },
      next: `nx run ${own}, alone; for all waves of a lane in their order, the target of that name of the lane.`,
    },
  );
}

/** The targets of a workspace may have a prefix: that of the one that runs is that of all. */
export function targetBeside({ targetName = '' }: ExecutorContext, own: string, other: string): string {
  return targetName.endsWith(own) ? targetName.slice(0, -own.length) + other : other;
}

/** The doors of a wave for an autopilot that Nx runs: every launch is one more command of Nx. */
export function autopilotDoors(
  context: ExecutorContext,
  edges: Edges,
  { metadata, executor }: { metadata: WaveMetadata; executor: string | undefined },
): AutopilotDoors {
  const launch = targetBeside(context, 'autopilot', 'launch');
  return {
    open: () => openWaveWith(context, edges, { metadata, executor }),
    launch: ({ wave }, { parallel }) =>
      runNx(
        [
          ...['run', `${wave.identity.project}:${launch}`, `--parallel=${parallel}`],
          ...(executor === undefined ? [] : [`--executor=${executor}`]),
        ],
        { workspaceRoot: context.root, env: edges.env, signal: edges.signal },
      ),
    post: postJson,
  };
}
