import type { WaveConfig } from '@nx-wave/schemas';
import type { WaveIdentity } from '../model';
import { laneProjects } from '../resolve/identity';
import type { InferredProject } from './inferred-project';

/** A lane's Nx project, and what its commands must know. Metadata of a project is part of no task hash. */
export interface InferredLane {
  /** The wave file that brings the lane into the graph. */
  source: string;
  project: InferredProject;
  lane: LaneMetadata;
}

export interface LaneMetadata {
  projectId: string | null;
  lane: string;
  /** Wave files of the lane in the order of their numbers, those that lost their name to another one included. */
  waves: string[];
  /** The plugin option `include`, which rules what is a wave file. */
  include: string[];
}

/**
 * Uncached commands of a lane: one line each, one executor folder each. None is called as targets of everybody are: `lint`
 * would join a `run-many -t lint`.
 */
export const laneCommands: readonly {
  target: string;
  executor: string;
  description: string;
  example?: Record<string, unknown>;
}[] = [
  {
    target: 'lint-waves',
    executor: 'lint',
    description:
      'Checks every wave of the lane and what it refers to: language, roles, matrix, files, skills',
    example: { json: true },
  },
  {
    target: 'status',
    executor: 'lane-status',
    description: 'Shows where every wave of the lane stands',
    example: { json: true },
  },
  {
    target: 'autopilot',
    executor: 'lane-autopilot',
    description:
      'Runs the waves of the lane in their order, each by an autopilot of its own, until one does not close; runs alone',
    example: { json: true },
  },
  {
    target: 'submit',
    executor: 'submit',
    description: 'Starts the autopilot without a terminal; runs alone',
  },
  {
    target: 'wait',
    executor: 'wait',
    description: 'Waits until the autopilot has ended, and tells how',
    example: { minutes: 30 },
  },
  {
    target: 'attach',
    executor: 'attach',
    description: 'Shows the output of the submitted autopilot until it has ended',
  },
  {
    target: 'verify',
    executor: 'lane-verify',
    description: 'Checks every closed wave of the lane, and who has signed it; runs nothing that is paid',
    example: { allowedSigners: 'wave.allowed_signers', signersFrom: 'origin/main' },
  },
  {
    target: 'prune',
    executor: 'prune',
    description: 'Removes old proofs, attempts and leftovers, by age and size; never what is referred to',
    example: { olderThan: 90, dryRun: true },
  },
  {
    target: 'break-claim',
    executor: 'break-claim',
    description:
      'Frees a claim of the shared store that a stuck machine holds; who and why stand in the claim',
    example: { wave: 'wave-3', agent: 'A1', by: 'Ada', reason: 'its machine hangs' },
  },
  {
    target: 'doctor',
    executor: 'doctor',
    description: 'Says whether this machine can run the waves of the lane, and what to do where it cannot',
    example: { json: true },
  },
];

/**
 * One project for each lane that has a wave, at the folder of its waves. Two lanes that share a folder share a project,
 * that of the first.
 */
export function inferLanes(
  config: WaveConfig,
  waves: readonly WaveIdentity[],
  options: { targetPrefix: string; include: string[] },
): InferredLane[] {
  const taken = new Set<string>();
  return laneProjects(config).flatMap(({ project, projectId, lane, wavesDir }) => {
    const own = waves
      .filter((wave) => wave.projectId === projectId && wave.lane === lane)
      .sort((a, b) => a.waveNumber - b.waveNumber || (a.path < b.path ? -1 : 1))
      .map(({ path }) => path);
    const [source] = own;
    if (source === undefined || taken.has(wavesDir)) return [];
    taken.add(wavesDir);
    return [
      {
        source,
        project: laneProject({ name: project, root: wavesDir, lane }, options.targetPrefix),
        lane: { projectId, lane, waves: own, include: options.include },
      },
    ];
  });
}

function laneProject(
  { name, root, lane }: { name: string; root: string; lane: string },
  targetPrefix: string,
): InferredProject {
  const entries = laneCommands.map(({ target, executor, description, example }) => [
    targetPrefix + target,
    {
      executor: `@nx-wave/plugin:${executor}`,
      options: {},
      cache: false,
      inputs: [],
      metadata: {
        description,
        technologies: ['nx-wave'],
        help: {
          command: `nx run ${name}:${targetPrefix}${target} --help`,
          example: { options: example ?? {} },
        },
      },
    },
  ]);
  return {
    name,
    root,
    tags: ['waves', `lane:${lane}`],
    metadata: {
      description: `The waves of lane ${lane}`,
      targetGroups: { lane: laneCommands.map(({ target }) => targetPrefix + target) },
    },
    targets: Object.fromEntries(entries) as InferredProject['targets'],
  };
}
