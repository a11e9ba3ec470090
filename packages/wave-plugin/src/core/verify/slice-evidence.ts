import type { Artifact, FileChange, ProofCommandResult, ResultEnvelope } from '@nx-wave/schemas';
import type { ResolvedAgent, ResolvedWave } from '../model';

/** What a tree holds at one path: bytes and git mode. */
export interface FileFacts {
  size: number;
  mode: string;
}

/** Everything that the runner saw of one slice, gathered by itself. All paths are workspace-relative. */
export interface SliceEvidence {
  agent: ResolvedAgent;
  wave: ResolvedWave;
  /** Its claims are compared with what is asked; nothing else in it is believed. */
  envelope: ResultEnvelope;
  changes: readonly FileChange[];
  artifacts: readonly Artifact[];
  /** Deliverables and proof artifacts in the tree after the slice; null means absent. */
  files: Readonly<Record<string, FileFacts | null>>;
  /** Every symbolic link of the slice: path to target text. */
  symlinks: Readonly<Record<string, string>>;
  /** Paths that the ledger granted to this agent beyond its ownership. */
  amendments: readonly string[];
  proofCommands: readonly ProofCommandResult[];
  /** Maturity levels from low to high, where the component matrix has its own. */
  levels?: readonly string[];
}

/** The same without the agent's claims. */
export type FileEvidence = Omit<SliceEvidence, 'envelope'>;
