import type {
  Artifact,
  FileChange,
  LedgerEntry,
  ProofCommandResult,
  ResultEnvelope,
  StrengthMeasured,
} from '@nx-wave/schemas';
import type { ResolvedAgent, ResolvedWave } from '../model';

/** What a tree holds at one path: bytes and git mode. */
export interface FileFacts {
  size: number;
  mode: string;
  /** It holds nothing but white space and comments. */
  blank?: boolean;
}

/** The value of a secret variable that a slice adds: it stands in a file now, and nowhere in the base. */
export interface SecretSighting {
  path: string;
  /** Line that it begins in, from 1 on; null where it is in the name of the file. */
  line: number | null;
  /** Name of the variable. The value itself goes nowhere. */
  variable: string;
  /** False for what may as well be a word that the file has a right to. */
  certain: boolean;
}

/** What looking for secrets in a slice gave. */
export interface SecretsSeen {
  sightings: readonly SecretSighting[];
  /** Files that were not looked through, because they are too large or cannot be read. */
  unsearched: readonly string[];
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
  /** What the proof is worth; absent or null where the commands were not green, or nothing was asked. */
  strength?: StrengthMeasured | null;
  /** Changed paths that are documents or hold a comment, which may be one; absent where nobody has looked. */
  documented?: readonly string[];
  /** Maturity levels from low to high, where the component matrix has its own. */
  levels?: readonly string[];
  /** Values of secret variables that it adds; none where absent. */
  secrets?: SecretsSeen;
  /** What people have decided: a waiver is one of these. */
  ledger?: readonly LedgerEntry[];
}

/** The same without the agent's claims. */
export type FileEvidence = Omit<SliceEvidence, 'envelope'>;
