import type { Stage } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import { presentStages } from '../wave-order';
import { inferenceDigest } from '../digest/keys';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { contextFileset, escapeGlob } from './fileset';
import { dependencyPatches, gateFormat, gateInputs, proofVariables, provedBy } from './gate-inputs';
import type { InferOptions, InferredProject, InferredTarget, TargetEdge } from './inferred-project';
import { signatureSuffix } from '../trust/signatures';
import { wavePaths, type WavePaths } from './wave-paths';
import { waveCommands, type WaveCommand } from './wave-commands';

const plugin = '@nx-wave/plugin';
const edge = (target: string, project?: string): TargetEdge => ({
  ...(project === undefined ? {} : { projects: [project] }),
  target,
  params: 'forward',
});
const noExternals = { externalDependencies: [] as string[] };
const wholeWorkspace = '{workspaceRoot}/**/*';

function inWorkspace(path: string): string {
  return `{workspaceRoot}/${path}`;
}

/** Tasks of the waves that this one builds on. */
function dependencyLaunches(wave: ResolvedWave, options: InferOptions): TargetEdge[] {
  return wave.dependsOn.map((project) => edge(`${options.targetPrefix}launch`, project));
}

/** Every target of a wave asks for them. */
const keptPaths = new WeakMap<ResolvedWave['identity'], WavePaths>();

function pathsOf({ identity }: ResolvedWave): WavePaths {
  const known = keptPaths.get(identity) ?? wavePaths(identity);
  keptPaths.set(identity, known);
  return known;
}

/** What the targets of one stage have in common. */
interface StageContext {
  wave: ResolvedWave;
  /** The stage before that has agents. */
  previous: Stage | null;
  options: InferOptions;
}

function agentTarget(agent: ResolvedAgent, { wave, previous, options }: StageContext): InferredTarget {
  const paths = pathsOf(wave);
  const name = (target: string) => options.targetPrefix + target;
  const sameStage = agent.dependsOn.flatMap((unitId) =>
    wave.agents.filter((other) => other.unitId === unitId),
  );
  const dependsOn: InferredTarget['dependsOn'] = sameStage.map((other) => edge(name(other.target)));
  if (previous) dependsOn.unshift(edge(name(`gate-${previous}`)));
  else dependsOn.push(...dependencyLaunches(wave, options));
  return {
    executor: `${plugin}:agent`,
    options: { agent: agent.unitId },
    cache: !options.ledger.landed,
    dependsOn,
    inputs: [
      { runtime: `echo ${inferenceDigest(agent, wave, options.ledger.agent(agent.unitId))}` },
      ...agent.contextPaths.map(contextFileset),
      ...(previous
        ? [{ dependentTasksOutputFiles: `**/${escapeGlob(paths.verdict(previous))}` }]
        : dependencyPatches(wave)),
      ...sameStage.map((other) => ({
        dependentTasksOutputFiles: `**/${escapeGlob(paths.handoff(other.unitId))}`,
      })),
      noExternals,
    ],
    outputs: [
      inWorkspace(paths.handoff(agent.unitId)),
      inWorkspace(`${paths.resultsDir}/attempt-*/${agent.unitId}.json`),
      inWorkspace(`${paths.resultsDir}/attempt-*/${agent.unitId}`),
    ],
    metadata: {
      description: `Agent ${agent.unitId} (${agent.role}): ${agent.title}`,
      technologies: [agent.executor.id],
    },
  };
}

function gateTarget(stage: Stage, { wave, previous, options }: StageContext): InferredTarget {
  const paths = pathsOf(wave);
  const name = (target: string) => options.targetPrefix + target;
  const own = wave.agents.filter((agent) => agent.stage === stage);
  return {
    executor: `${plugin}:gate`,
    options: { stage },
    cache: !options.ledger.landed,
    dependsOn: [
      ...own.map((agent) => edge(name(agent.target))),
      ...(previous ? [edge(name(`gate-${previous}`))] : dependencyLaunches(wave, options)),
    ],
    inputs: gateInputs(wave, { stage, previous }, options.ledger),
    outputs: [inWorkspace(paths.verdict(stage)), inWorkspace(paths.gateDir(stage))],
    metadata: { description: `Judges the ${stage} stage and writes its verdict`, technologies: ['nx-wave'] },
  };
}

function waveTargets(wave: ResolvedWave, last: Stage, options: InferOptions): Record<string, InferredTarget> {
  return {
    prove: proveTarget(wave, last, options),
    launch: launchTarget(wave, options),
    ...Object.fromEntries(
      commandsOf(options).map((command) => [
        command.target,
        commandTarget(command, `${wave.identity.project}:${options.targetPrefix}${command.target}`),
      ]),
    ),
  };
}

function commandsOf({ commands = waveCommands }: Pick<InferOptions, 'commands'>): readonly WaveCommand[] {
  return commands;
}

function proveTarget(
  wave: ResolvedWave,
  last: Stage,
  { targetPrefix, ledger }: InferOptions,
): InferredTarget {
  const paths = pathsOf(wave);
  const commands = wave.agents.map((agent) => ({ unitId: agent.unitId, ...provedBy(agent) }));
  return {
    executor: `${plugin}:prove`,
    options: {},
    cache: !ledger.landed,
    dependsOn: [edge(`${targetPrefix}gate-${last}`)],
    inputs: [
      wholeWorkspace,
      { dependentTasksOutputFiles: `**/${escapeGlob(paths.verdict(last))}` },
      ...dependencyPatches(wave),
      ...proofVariables(wave),
      { runtime: `echo ${digestOf({ gateFormat, commands })}` },
      noExternals,
    ],
    outputs: [inWorkspace(paths.prove), inWorkspace(paths.proveDir)],
    metadata: {
      description: 'Merges every slice on the current base and runs every proof command there',
      technologies: ['nx-wave'],
    },
  };
}

function launchTarget(wave: ResolvedWave, options: InferOptions): InferredTarget {
  const paths = pathsOf(wave);
  const { targetPrefix, ledger } = options;
  return {
    executor: `${plugin}:launch`,
    options: {},
    // Under `signed` no cache may say that a wave is closed: every launch looks at the signatures itself.
    cache: !ledger.landed && wave.settings.trust !== 'signed',
    dependsOn: ledger.landed ? [] : [edge(`${targetPrefix}prove`), ...dependencyLaunches(wave, options)],
    inputs: [
      inWorkspace(escapeGlob(wave.identity.path)),
      `${inWorkspace(escapeGlob(wave.identity.ledgerDir))}/**/*`,
      { dependentTasksOutputFiles: '**/*', transitive: true },
      noExternals,
    ],
    outputs: [
      inWorkspace(paths.closure),
      inWorkspace(paths.closurePatch),
      // Outputs are part of the hash of every task of the project: nobody pays for what only they need who sign.
      ...(wave.settings.trust === 'signed' ? signedOutputs(paths) : []),
    ],
    metadata: { description: 'Runs the wave and closes it on proof', technologies: ['nx-wave'] },
  };
}

function signedOutputs({ closureList }: WavePaths): string[] {
  return [closureList, closureList + signatureSuffix].map(inWorkspace);
}

function commandTarget({ target, description, example = {} }: WaveCommand, task: string): InferredTarget {
  return {
    executor: `${plugin}:${target}`,
    options: {},
    cache: false,
    inputs: [],
    metadata: {
      description,
      technologies: ['nx-wave'],
      help: { command: `nx run ${task} --help`, example: { options: example } },
    },
  };
}

/** Pure: the Nx project of a wave. The graph gets exactly this. */
export function inferTargets(wave: ResolvedWave, options: InferOptions): InferredProject {
  const present = presentStages(wave);
  const targets: Record<string, InferredTarget> = {};
  const agents: string[] = [];
  const gates: string[] = [];
  const add = (group: string[], target: string, value: InferredTarget) => {
    // What writes outputs is what Nx may serve from a cache.
    const hashed = options.ultracache && value.outputs !== undefined;
    const name = options.targetPrefix + target;
    const shown = withHelp(wave.identity, name, value);
    targets[name] = hashed ? { ...shown, ultracache: { mode: 'off' } } : shown;
    group.push(name);
  };
  present.forEach((stage, position) => {
    const context: StageContext = { wave, previous: present[position - 1] ?? null, options };
    for (const agent of wave.agents.filter((one) => one.stage === stage)) {
      add(agents, agent.target, agentTarget(agent, context));
    }
    add(gates, `gate-${stage}`, gateTarget(stage, context));
  });
  const last = present[present.length - 1];
  const commands: string[] = [];
  if (last) {
    for (const [target, value] of Object.entries(waveTargets(wave, last, options)))
      add(commands, target, value);
  }
  return {
    name: wave.identity.project,
    root: options.root,
    tags: ['wave', `lane:${wave.identity.lane}`],
    metadata: {
      description: projectDescription(wave, options.shadowed),
      targetGroups: { agents, gates, wave: commands },
    },
    targets,
  };
}

/** Where a target says more of itself: the command that prints its options, unless it names another. No task is hashed by it. */
function withHelp(
  { project }: ResolvedWave['identity'],
  name: string,
  target: InferredTarget,
): InferredTarget {
  const help = { command: `nx run ${project}:${name} --help`, example: { options: {} } };
  return { ...target, metadata: { help, ...target.metadata } };
}

function projectDescription(wave: ResolvedWave, shadowed: string[]): string {
  const title = wave.title ?? `Wave ${wave.identity.waveNumber}`;
  return shadowed.length === 0
    ? title
    : `${title} (also claimed by ${shadowed.join(', ')}, which is ignored)`;
}

/**
 * The project of a wave that cannot be read, because of its file or of what rules it (`blamed`): it stays in the graph and
 * every target fails with the report.
 */
export function inferBrokenProject(
  identity: ResolvedWave['identity'],
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
      names.map((target) => [target, withHelp(identity, target, brokenTarget(identity, blamed))]),
    ),
  };
}

/** A target that runs nothing and says what is wrong in `blamed`. */
export function brokenTarget(identity: ResolvedWave['identity'], blamed: string): InferredTarget {
  return {
    executor: `${plugin}:broken`,
    options: { path: identity.path },
    cache: false,
    inputs: [],
    metadata: { description: `Reports the mistakes of ${blamed}`, technologies: ['nx-wave'] },
  };
}
