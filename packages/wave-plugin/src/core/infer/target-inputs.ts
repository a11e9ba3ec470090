import type { Stage } from '@nx-wave/schemas';
import type { WaveIdentity } from '../model';
import { stageRules } from '../stages';
import { escapeGlob } from './fileset';
import type { TargetInput } from './inferred-project';
import { looksAtEverything, type AgentOutline, type StageOutline, type WaveOutline } from './wave-outline';
import type { TargetPaths } from './target-paths';

/** A wave as its inputs are told: what they are made of, and where its state is. */
export interface InputContext {
  outline: WaveOutline;
  identity: WaveIdentity;
  paths: TargetPaths;
  /** The stage before that has agents. */
  previous: Stage | null;
}

/*
 * Lists are flattened, not spread: asked of every task of every wave in every graph, a function full of spreads is what an engine takes
 * longest to compile.
 */

const wholeWorkspace = '{workspaceRoot}/**/*';
const noExternals = { externalDependencies: [] as string[] };

/** The Nx inputs of an agent: its part of the wave, its context, and what those before it leave. */
export function agentInputs(
  agent: AgentOutline,
  waitsFor: readonly AgentOutline[],
  { outline, paths, previous }: InputContext,
): TargetInput[] {
  return [
    said(agent.digest),
    agent.context,
    previous === null ? dependencyPatches(outline) : outputOf(paths.verdictPattern(previous)),
    handoffsOf(waitsFor, paths),
    noExternals,
  ].flat();
}

/** The Nx inputs of a gate: everything that its verdict is made from. What no file holds is in the digest. */
export function gateInputs(
  { stage, judged, ground, agents }: StageOutline,
  { outline, paths, previous }: InputContext,
): TargetInput[] {
  return [
    said(judged),
    handoffsOf(agents, paths),
    previous === null ? [] : outputOf(paths.verdictPattern(previous)),
    paths.ledger,
    dependencyPatches(outline),
    looksAtEverything(stage) ? wholeWorkspace : ground,
    stageRules[stage].provesMergedTree ? proofVariables(outline) : [],
    noExternals,
  ].flat();
}

/** The Nx inputs of `prove`: the whole workspace, the last verdict, and what proof commands take from the person. */
export function proveInputs(last: Stage, { outline, paths }: InputContext): TargetInput[] {
  return [
    wholeWorkspace,
    outputOf(paths.verdictPattern(last)),
    dependencyPatches(outline),
    proofVariables(outline),
    said(outline.proved),
    noExternals,
  ].flat();
}

/** The Nx inputs of `launch`: the wave, its ledger, and everything that the tasks before it left. */
export function launchInputs({ identity, paths }: InputContext): TargetInput[] {
  return [
    `{workspaceRoot}/${escapeGlob(identity.path)}`,
    paths.ledger,
    { dependentTasksOutputFiles: '**/*', transitive: true },
    noExternals,
  ];
}

/** Nx hands the command to a shell: it says a digest and nothing else. */
function said(digest: string): TargetInput {
  return { runtime: `echo ${digest}` };
}

function handoffsOf(agents: readonly AgentOutline[], paths: TargetPaths): TargetInput[] {
  return agents.map(({ unitId }) => outputOf(paths.handoffPattern(unitId)));
}

function outputOf(pattern: string): TargetInput {
  return { dependentTasksOutputFiles: pattern };
}

/** With another value of these, proof commands may say another thing. */
function proofVariables({ variables }: WaveOutline): TargetInput[] {
  return variables.map((env) => ({ env }));
}

/**
 * What the waves that this one builds on leave. Every gate and `prove` carry their slices on, and no verdict speaks of
 * them, so each of these tasks watches the patches itself.
 */
function dependencyPatches({ dependsOn }: WaveOutline): TargetInput[] {
  return dependsOn.map((project) => ({
    dependentTasksOutputFiles: `**/closure/${/wave-\d+$/.exec(project)?.[0] ?? project}.*`,
    transitive: true,
  }));
}
