import type { Stage } from '@nx-wave/schemas';
import type { WaveIdentity } from '../model';
import { signatureSuffix } from '../trust/signatures';
import type { InferOptions, InferredTarget, TargetEdge } from './inferred-project';
import { agentInputs, gateInputs, launchInputs, proveInputs, type InputContext } from './target-inputs';
import { startOfCommand, type CommandTask, type TaskStart } from './task-commands';
import type { AgentOutline, StageOutline } from './wave-outline';
import { inWorkspace } from './target-paths';
import type { WavePaths } from './wave-paths';

/** All that targets are made by besides the outline of a wave. */
export interface TargetOptions extends Omit<InferOptions, 'ledger'> {
  /** Whether tasks that a command can run are commands. */
  asCommands?: boolean;
}

/** What the targets of one stage have in common. */
export interface StageContext extends InputContext {
  identity: WaveIdentity;
  options: TargetOptions;
}

/** What Nx may serve from a cache, besides its name and what starts it. */
interface Hashed extends Required<Pick<InferredTarget, 'cache' | 'dependsOn' | 'inputs' | 'outputs'>> {
  description: string;
  technology?: string;
}

/** The target of an agent. */
export function agentTarget(agent: AgentOutline, context: StageContext): InferredTarget {
  const { outline, paths, previous } = context;
  const { unitId, target, description, executor, dependsOn } = agent;
  const waitsFor = dependsOn.flatMap((id) =>
    outline.stages.flatMap(({ agents }) => agents.filter((other) => other.unitId === id)),
  );
  const siblings = edgesTo(waitsFor, context);
  return hashed(startOf({ kind: 'agent', about: unitId }, target, context), context, {
    cache: !outline.landed,
    dependsOn: previous
      ? [ownEdge(`gate-${previous}`, context)].concat(siblings)
      : siblings.concat(dependencyLaunches(context)),
    inputs: agentInputs(agent, waitsFor, context),
    outputs: [paths.handoff(unitId), paths.envelopes(unitId), paths.bundles(unitId)],
    description,
    technology: executor,
  });
}

/** The target of the gate of a stage. */
export function gateTarget(own: StageOutline, context: StageContext): InferredTarget {
  const { outline, paths, previous } = context;
  const { stage, agents } = own;
  return hashed(startOf({ kind: 'gate', about: stage }, `gate-${stage}`, context), context, {
    cache: !outline.landed,
    dependsOn: edgesTo(agents, context).concat(
      previous ? ownEdge(`gate-${previous}`, context) : dependencyLaunches(context),
    ),
    inputs: gateInputs(own, context),
    outputs: [inWorkspace(paths.wave.verdict(stage)), inWorkspace(paths.wave.gateDir(stage))],
    description: `Judges the ${stage} stage and writes its verdict`,
  });
}

/** The target that proves the merged tree after the last gate. */
export function proveTarget(last: Stage, context: StageContext): InferredTarget {
  const { outline, paths } = context;
  return hashed(startOf({ kind: 'prove' }, 'prove', context), context, {
    cache: !outline.landed,
    dependsOn: [ownEdge(`gate-${last}`, context)],
    inputs: proveInputs(last, context),
    outputs: [inWorkspace(paths.wave.prove), inWorkspace(paths.wave.proveDir)],
    description: 'Merges every slice on the current base and runs every proof command there',
  });
}

/** The target that closes the wave. */
export function launchTarget(context: StageContext): InferredTarget {
  const { outline, paths } = context;
  const start = { executor: `${plugin}:launch`, options: {}, help: helpOf('launch', context) };
  return hashed(start, context, {
    // Under `signed` no cache may say that a wave is closed: every launch looks at the signatures itself.
    cache: !outline.landed && !outline.signed,
    dependsOn: outline.landed ? [] : [ownEdge('prove', context), ...dependencyLaunches(context)],
    inputs: launchInputs(context),
    outputs: [
      inWorkspace(paths.wave.closure),
      inWorkspace(paths.wave.closurePatch),
      // Outputs are part of the hash of every task of the project: nobody pays for what only they need who sign.
      ...(outline.signed ? signedOutputs(paths.wave) : []),
    ],
    description: 'Runs the wave and closes it on proof',
  });
}

const plugin = '@nx-wave/plugin';

function hashed(
  { executor, options, help }: TaskStart,
  { options: { ultracache } }: StageContext,
  { cache, dependsOn, inputs, outputs, description, technology = 'nx-wave' }: Hashed,
): InferredTarget {
  const metadata = { help, description, technologies: [technology] };
  // Nothing is spread: an engine gives each object that is spread from others a shape of its own.
  return ultracache
    ? { executor, options, cache, dependsOn, inputs, outputs, metadata, ultracache: { mode: 'off' } }
    : { executor, options, cache, dependsOn, inputs, outputs, metadata };
}

function startOf(task: CommandTask, name: string, context: StageContext): TaskStart {
  const command = context.options.asCommands ? startOfCommand(task, context.identity.path) : null;
  return (
    command ?? {
      executor: `${plugin}:${task.kind}`,
      options: optionsOf(task),
      help: helpOf(name, context),
    }
  );
}

function optionsOf(task: CommandTask): Record<string, string> {
  switch (task.kind) {
    case 'agent':
      return { agent: task.about };
    case 'gate':
      return { stage: task.about };
    case 'prove':
      return {};
  }
}

function helpOf(name: string, { identity, options }: StageContext): TaskStart['help'] {
  return {
    command: `nx run ${identity.project}:${options.targetPrefix}${name} --help`,
    example: { options: {} },
  };
}

function edgesTo(agents: readonly AgentOutline[], context: StageContext): TargetEdge[] {
  return agents.map(({ target }) => ownEdge(target, context));
}

/** One for each target: Nx writes the project that it finds into it. */
function ownEdge(name: string, { options }: StageContext): TargetEdge {
  return { target: options.targetPrefix + name, params: 'forward' };
}

/** Tasks of the waves that this one builds on. */
function dependencyLaunches({ outline, options }: StageContext): TargetEdge[] {
  const target = `${options.targetPrefix}launch`;
  return outline.dependsOn.map((project) => ({ projects: [project], target, params: 'forward' }));
}

function signedOutputs({ closureList }: WavePaths): string[] {
  return [closureList, closureList + signatureSuffix].map(inWorkspace);
}
