import type { AgentLedgerView } from '../digest/keys';
import type { WaveCommand } from './wave-commands';

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
  /** Commands of the wave; those of the product where absent. */
  commands?: readonly WaveCommand[];
}
