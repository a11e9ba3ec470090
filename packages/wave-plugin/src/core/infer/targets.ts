import type { Stage } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import { presentStages } from '../wave-order';
import { inferenceDigest, type AgentLedgerView } from '../digest/keys';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { contextFileset, escapeGlob } from './fileset';
import { dependencyPatches, gateInputs } from './gate-inputs';
import { wavePaths, type WavePaths } from './wave-paths';

/** `params: 'forward'`: an option given to `launch`, such as `--executor=local`, reaches every task that it depends on. */
export interface TargetEdge {
  projects?: string[];
  target: string;
  params: 'forward';
}

/** A fileset, or one of Nx's other kinds of input. */
export type TargetInput = string | Record<string, unknown>;

/** The parts of Nx's target shape that inference uses; kept here so that core does not import Nx. */
export interface InferredTarget {
  executor: string;
  options: Record<string, unknown>;
  cache: boolean;
  dependsOn?: TargetEdge[];
  inputs?: TargetInput[];
  outputs?: string[];
  /** What a task may be hashed by is what it declares, never a recording of what one run of it read. */
  ultracache?: { mode: 'off' };
  metadata: {
    description: string;
    technologies: string[];
    help?: { command: string; example: Record<string, unknown> };
  };
}

export interface InferredProject {
  name: string;
  root: string;
  tags: string[];
  metadata: { description: string; targetGroups: Record<string, string[]> };
  targets: Record<string, InferredTarget>;
}

/** What inference knows of the ledger of a wave. */
export interface LedgerFacts {
  landed: boolean;
  agent(unitId: string): AgentLedgerView;
}

export interface InferOptions {
  /** Folder that is the project's root. */
  root: string;
  /** Put in front of every target name, for workspaces with clashing names. */
  targetPrefix: string;
  ledger: LedgerFacts;
  /** Other wave files that wanted the same project name. */
  shadowed: string[];
  /** Whether the Nx that asks knows Ultracache: `knowsUltracache`. */
  ultracache: boolean;
}

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

function agentTarget(
  wave: ResolvedWave,
  agent: ResolvedAgent,
  previous: Stage | null,
  options: InferOptions,
): InferredTarget {
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

function gateTarget(
  wave: ResolvedWave,
  stage: Stage,
  previous: Stage | null,
  options: InferOptions,
): InferredTarget {
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
    inputs: gateInputs(wave, stage, previous, options.ledger),
    outputs: [inWorkspace(paths.verdict(stage)), inWorkspace(paths.gateDir(stage))],
    metadata: { description: `Judges the ${stage} stage and writes its verdict`, technologies: ['nx-wave'] },
  };
}

function waveTargets(wave: ResolvedWave, last: Stage, options: InferOptions): Record<string, InferredTarget> {
  const paths = pathsOf(wave);
  const name = (target: string) => options.targetPrefix + target;
  const { landed } = options.ledger;
  const command = (
    target: string,
    description: string,
    example: Record<string, unknown> = {},
  ): InferredTarget => ({
    executor: `${plugin}:${target}`,
    options: {},
    cache: false,
    inputs: [],
    metadata: {
      description,
      technologies: ['nx-wave'],
      help: {
        command: `nx run ${wave.identity.project}:${name(target)} --help`,
        example: { options: example },
      },
    },
  });
  const ledgerFiles = `${inWorkspace(escapeGlob(wave.identity.ledgerDir))}/**/*`;
  return {
    prove: {
      executor: `${plugin}:prove`,
      options: {},
      cache: !landed,
      dependsOn: [edge(name(`gate-${last}`))],
      inputs: [
        wholeWorkspace,
        { dependentTasksOutputFiles: `**/${escapeGlob(paths.verdict(last))}` },
        ...dependencyPatches(wave),
        {
          runtime: `echo ${digestOf(wave.agents.map(({ unitId, proofCommands }) => ({ unitId, proofCommands })))}`,
        },
        noExternals,
      ],
      outputs: [inWorkspace(paths.prove), inWorkspace(paths.proveDir)],
      metadata: {
        description: 'Merges every slice on the current base and runs every proof command there',
        technologies: ['nx-wave'],
      },
    },
    launch: {
      executor: `${plugin}:launch`,
      options: {},
      cache: !landed,
      dependsOn: landed ? [] : [edge(name('prove')), ...dependencyLaunches(wave, options)],
      inputs: [
        inWorkspace(escapeGlob(wave.identity.path)),
        ledgerFiles,
        { dependentTasksOutputFiles: '**/*', transitive: true },
        noExternals,
      ],
      outputs: [inWorkspace(paths.closure), inWorkspace(paths.closurePatch)],
      metadata: {
        description: 'Runs the wave and closes it on proof',
        technologies: ['nx-wave'],
        help: {
          command: `nx run ${wave.identity.project}:${name('launch')}`,
          example: { options: {} },
        },
      },
    },
    ...Object.fromEntries(
      waveCommands.map(({ target, description, example }) => [target, command(target, description, example)]),
    ),
  };
}

/** Uncached commands of a wave: one line each, one executor folder each. */
export const waveCommands: readonly {
  target: string;
  description: string;
  example?: Record<string, unknown>;
}[] = [
  {
    target: 'plan',
    description: 'Shows what a launch would run, reuse or wait for, and why; runs nothing',
    example: { prompts: true },
  },
  {
    target: 'retry',
    description: 'Prints the retry plan; --apply records it',
    example: { apply: true },
  },
  {
    target: 'answer',
    description: "Answers an agent's question",
    example: { request: 'A2-clarification-request-1', text: 'Keep both formats.' },
  },
  {
    target: 'decide',
    description: 'Records a decision: waive, amend, resolve, reassign, revoke',
    example: { amend: 'A2', paths: 'src/shared.ts', by: 'Ada', reason: 'needed by the new format' },
  },
  {
    target: 'adopt',
    description: "Takes a person's change as an agent's slice, verified like any other",
    example: { agent: 'A2', by: 'Ada', reason: 'two lines that the agent kept missing' },
  },
  {
    target: 'verify',
    description:
      'Checks every bundle of the wave again; --replay derives every verdict anew and compares bytes',
    example: { replay: true },
  },
  {
    target: 'land',
    description: 'Applies the integrated patch of the closed wave, all or nothing',
    example: { commit: true },
  },
  {
    target: 'reopen',
    description: 'Reopens a landed wave',
    example: { by: 'Ada', reason: 'the release was withdrawn' },
  },
  {
    target: 'status',
    description: 'Shows the state of the wave; always writes status/wave-<n>.json',
    example: { json: true },
  },
  {
    target: 'report',
    description:
      'Writes what the wave changes, what that rests on and what it cost, as one HTML or markdown file',
    example: { format: 'markdown' },
  },
];

/** Pure: the Nx project of a wave. The graph gets exactly this. */
export function inferTargets(wave: ResolvedWave, options: InferOptions): InferredProject {
  const present = presentStages(wave);
  const targets: Record<string, InferredTarget> = {};
  const agents: string[] = [];
  const gates: string[] = [];
  const add = (group: string[], target: string, value: InferredTarget) => {
    // What writes outputs is what Nx may serve from a cache.
    const hashed = options.ultracache && value.outputs !== undefined;
    targets[options.targetPrefix + target] = hashed ? { ...value, ultracache: { mode: 'off' } } : value;
    group.push(options.targetPrefix + target);
  };
  present.forEach((stage, position) => {
    const previous = present[position - 1] ?? null;
    for (const agent of wave.agents.filter((one) => one.stage === stage)) {
      add(agents, agent.target, agentTarget(wave, agent, previous, options));
    }
    add(gates, `gate-${stage}`, gateTarget(wave, stage, previous, options));
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
  root: string,
  targetPrefix: string,
  blamed: string = identity.path,
): InferredProject {
  const names = ['launch', 'prove', ...waveCommands.map(({ target }) => target)].map(
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
    targets: Object.fromEntries(names.map((target) => [target, brokenTarget(identity, blamed)])),
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
