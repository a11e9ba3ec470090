import type { Stage } from '@nx-wave/schemas';
import type { ResolvedWave, WaveIdentity } from '../model';
import {
  agentTarget,
  gateTarget,
  launchTarget,
  proveTarget,
  type StageContext,
  type TargetOptions,
} from './hashed-targets';
import type { InferOptions, InferredProject, InferredTarget } from './inferred-project';
import { targetPaths } from './target-paths';
import { waveCommands, type WaveCommand } from './wave-commands';
import { outlineOf, type WaveOutline } from './wave-outline';

/** Pure: the Nx project of a wave. */
export function inferTargets(wave: ResolvedWave, { ledger, ...options }: InferOptions): InferredProject {
  return projectOf(outlineOf(wave, ledger), wave.identity, options);
}

/** Pure: the Nx project of a wave by its outline. The graph gets exactly this. */
export function projectOf(
  outline: WaveOutline,
  identity: WaveIdentity,
  options: TargetOptions,
): InferredProject {
  const targets: Record<string, InferredTarget> = {};
  const agents: string[] = [];
  const gates: string[] = [];
  const commands: string[] = [];
  const add = (group: string[], target: string, value: InferredTarget) => {
    const name = options.targetPrefix + target;
    targets[name] = value;
    group.push(name);
  };
  const common = { outline, identity, paths: targetPaths(identity), options };
  let previous: Stage | null = null;
  for (const own of outline.stages) {
    const context: StageContext = { ...common, previous };
    for (const agent of own.agents) add(agents, agent.target, agentTarget(agent, context));
    add(gates, `gate-${own.stage}`, gateTarget(own, context));
    previous = own.stage;
  }
  if (previous !== null) {
    const context: StageContext = { ...common, previous };
    add(commands, 'prove', proveTarget(previous, context));
    add(commands, 'launch', launchTarget(context));
    const task = `nx run ${identity.project}:${options.targetPrefix}`;
    for (const command of commandsOf(options)) add(commands, command.target, commandTarget(command, task));
  }
  return {
    name: identity.project,
    root: options.root,
    tags: ['wave', `lane:${identity.lane}`],
    metadata: {
      description: projectDescription(outline.title ?? `Wave ${identity.waveNumber}`, options.shadowed),
      targetGroups: { agents, gates, wave: commands },
    },
    targets,
  };
}

function projectDescription(title: string, shadowed: string[]): string {
  return shadowed.length === 0
    ? title
    : `${title} (also claimed by ${shadowed.join(', ')}, which is ignored)`;
}

function commandsOf({ commands = waveCommands }: Pick<InferOptions, 'commands'>): readonly WaveCommand[] {
  return commands;
}

/** `task`: how the command that runs one begins. */
function commandTarget({ target, description, example = {} }: WaveCommand, task: string): InferredTarget {
  return {
    executor: `@nx-wave/plugin:${target}`,
    options: {},
    cache: false,
    inputs: [],
    metadata: {
      help: { command: `${task}${target} --help`, example: { options: example } },
      description,
      technologies: ['nx-wave'],
    },
  };
}

/**
 * The project of a wave that cannot be read, because of its file or of what rules it (`blamed`): it stays in the graph and
 * every target fails with the report.
 */
export function inferBrokenProject(
  identity: WaveIdentity,
  { root, targetPrefix, ...given }: Pick<InferOptions, 'root' | 'targetPrefix' | 'commands'>,
  blamed: string = identity.path,
): InferredProject {
  const names = ['launch', 'prove', ...commandsOf(given).map(({ target }) => target)].map(
    (target) => targetPrefix + target,
  );
  return {
    name: identity.project,
    root,
    tags: ['wave', `lane:${identity.lane}`, 'wave-broken'],
    metadata: {
      description: `${blamed} has mistakes: run any target to see them`,
      targetGroups: { wave: names },
    },
    targets: Object.fromEntries(
      names.map((target) => {
        const { metadata, ...rest } = brokenTarget(identity, blamed);
        const help = { command: `nx run ${identity.project}:${target} --help`, example: { options: {} } };
        return [target, { ...rest, metadata: { help, ...metadata } }];
      }),
    ),
  };
}

/** A target that runs nothing and says what is wrong in `blamed`. */
export function brokenTarget(identity: WaveIdentity, blamed: string): InferredTarget {
  return {
    executor: '@nx-wave/plugin:broken',
    options: { path: identity.path },
    cache: false,
    inputs: [],
    metadata: { description: `Reports the mistakes of ${blamed}`, technologies: ['nx-wave'] },
  };
}
